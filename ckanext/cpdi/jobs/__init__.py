"""Starts runs: harvest jobs, their queues and schedule, and the two processes ``worker`` and ``tick``.

CKAN's harvest jobs show a run to staff, and Redis has the queues of work; the record of each run is the ledger.
"""
