"""PostgreSQL: each dataset's DataStore table, the sync of a run into it, the run ledger, the version of the data.

In: published rows as frames. Out: ``public."<resource id>"`` with its version, in one commit; the read role sees that,
and the views ``public._cpdi_*``, and nothing else of the store.
"""

from ckanext.cpdi.store.errors import (
    DeclarationChanged,
    DenyListChanged,
    RunInProgress,
    RunLost,
    StoreError,
    Unbalanced,
)
from ckanext.cpdi.store.ledger.objection import Objection
from ckanext.cpdi.store.ledger.record import Baseline, Clock, FeedShape, Origin, Reason, RunRow, RunSummary
from ckanext.cpdi.store.privacy.purge import Purge
from ckanext.cpdi.store.store import Store
from ckanext.cpdi.store.sync.changes import Changes
from ckanext.cpdi.store.sync.run import Sync
from ckanext.cpdi.store.sync.window import Coverage, Window

__all__ = [
    "Baseline",
    "Changes",
    "Clock",
    "Coverage",
    "DeclarationChanged",
    "DenyListChanged",
    "FeedShape",
    "Objection",
    "Origin",
    "Purge",
    "Reason",
    "RunInProgress",
    "RunLost",
    "RunRow",
    "RunSummary",
    "Store",
    "StoreError",
    "Sync",
    "Unbalanced",
    "Window",
]
