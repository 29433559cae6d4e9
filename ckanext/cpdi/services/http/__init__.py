"""What answers have in common: who may ask, headers, ranges, statuses, the hand-over to nginx."""
