"""Documents in YAML: reading one, and saying what is wrong with it, and where."""
