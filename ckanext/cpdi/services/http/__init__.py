"""Parts that answers share: access, headers, ranges, statuses, the hand-over to nginx."""
