"""The harvesters that CKAN knows: each job of theirs is one run of one dataset, which ``jobs`` and ``pipeline`` do."""
