"""Names under which rows of every table are counted beside its fields; a field's name never begins with ``_``."""

GEOCODED = "_geocoded"
"""Rows that have a point."""
PLACED = "_placed"
"""Rows that have a place of any kind: a point, a block, an area."""
