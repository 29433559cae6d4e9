"""A run's way into the table: what differs is found by hashes, staged, and written in one transaction."""
