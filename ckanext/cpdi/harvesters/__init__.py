"""The harvesters registered with CKAN. Each of their jobs is a run of a dataset, done by ``jobs`` and ``pipeline``."""
