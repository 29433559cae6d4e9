"""The fetched file on disk: the spool, its version, its packing."""
