"""Which tables have approved privacy rules: a dataset is private until all of its tables do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckanext.cpdi import config

if TYPE_CHECKING:
    from ckanext.cpdi.store import Store
    from ckanext.cpdi.store.privacy.approval import Approval


def current_approval(store: Store, dataset: str) -> Approval | None:
    """Return the valid approval of ``dataset``; on a real portal an approval by the demo does not count."""
    return store.approvals.latest(dataset, demo=not config.production())


def unapproved(store: Store, owner: str) -> list[str]:
    """Return the tables of the dataset ``owner`` that have no valid approval."""
    return [table.name for table in config.library().tables_of(owner) if current_approval(store, table.name) is None]
