"""One run of one dataset. In: a feed. Out: published rows, files and catalogue, or a run that is held or failed.

The only room that joins feeds, rows, store and publish. The store's ledger has the record of each run.
"""
