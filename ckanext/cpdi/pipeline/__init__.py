"""One run of one dataset: a feed in; published rows, files and a fresh catalogue out, or a run that is held or failed.

The only room that joins feeds, rows, store and publish. What is true of a run stands in the store's ledger.
"""
