"""What is counted of every table beside its fields; the names of fields never begin with ``_``."""

GEOCODED = "_geocoded"
"""Rows that have a point."""
PLACED = "_placed"
"""Rows that have a place of any kind: a point, a block, an area."""
