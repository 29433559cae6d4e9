"""Nights: from a harvest source, or a command, to published rows, files and a fresh catalogue.

The only room that joins feeds, rows, store and publish. What is true of a run stands in the store's ledger; CKAN's
harvest jobs show it to the staff, and Redis only says what is to be done next.
"""
