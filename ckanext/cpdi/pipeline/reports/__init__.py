"""Runs of a series of reports: files are fetched, examined in processes of their own, and published or held for staff.

In: a location with PDFs. Out: editions in the archive with their files, and an outcome for each file in the ledger.
"""
