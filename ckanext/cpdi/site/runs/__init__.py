"""Pages about runs: the ledger in words, one run, trends, completeness, status."""
