"""What starts runs: harvest jobs, their queue and schedule, and the two processes ``worker`` and ``tick``.

CKAN's harvest jobs show a run to staff, and Redis only says what is to be done next; what is true stands in the ledger.
"""
