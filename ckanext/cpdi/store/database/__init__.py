"""Connections to PostgreSQL and their locks, the migrations of the schema, arrays as one value of a statement."""
