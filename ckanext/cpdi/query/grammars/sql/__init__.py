"""SQL from its text to conditions and aggregates: what ``where`` and SELECT have in common."""
