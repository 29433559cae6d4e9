"""The records desk's part of the store: deny list, purges, risk, approvals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from ckanext.cpdi.declare import Table
from ckanext.cpdi.declare.table import Meeting
from ckanext.cpdi.store.database.session import DATASET, Connection, lock, unlock
from ckanext.cpdi.store.privacy import approval, denial, meeting, purge, risk
from ckanext.cpdi.store.privacy.approval import Approval, Proposal
from ckanext.cpdi.store.privacy.denial import Action, Entry, Keys, Listed
from ckanext.cpdi.store.privacy.meeting import Met
from ckanext.cpdi.store.privacy.purge import Purge
from ckanext.cpdi.store.privacy.risk import Alike, Share
from ckanext.cpdi.store.table import build, catalogue
from ckanext.cpdi.store.table.shape import Shape


class Desk:
    """Made by :attr:`ckanext.cpdi.store.Store.desk`, whose connection it works on; it raises what the store raises."""

    def __init__(self, session: Callable[[], AbstractContextManager[Connection]]) -> None:
        """Work on the connection of ``session``."""
        self._session = session

    def changes(self) -> int:
        """Return how often the deny list was changed so far."""
        with self._session() as connection:
            return denial.changes(connection)

    def listed(self) -> list[Listed]:
        """Return the deny list."""
        with self._session() as connection:
            return denial.listed(connection)

    def log(self, limit: int = 20) -> list[Entry]:
        """Return the last changes of the deny list, newest first."""
        with self._session() as connection:
            return denial.log(connection, limit)

    def rows_with(self, dataset: str, keys: Keys) -> int:
        """Return how many rows of the table of ``dataset`` have one of the keys, or carry one of another dataset."""
        with self._session() as connection:
            return denial.rows_with(connection, dataset, keys)

    def deny(
        self,
        keys: Keys,
        why: str,
        who: str,
        at: datetime,
        purged: Iterable[str],
        keep: Callable[[], None],
        action: Action = "deny",
    ) -> int:
        """Put keys on the list and ask for a purge of the datasets ``purged``; return how many were not on it.

        ``keep`` is called before the commit: what it raises undoes all.
        """
        with self._session() as connection, connection.transaction():
            fresh = denial.add(connection, keys, why, at)
            denial.write_log(connection, who, action, why, keys)
            for dataset in purged:
                purge.ask(connection, dataset)
            keep()
            return fresh

    def release(self, keys: Keys, why: str, who: str, action: Action = "release") -> int:
        """Take keys off the list; return how many were on it. Their rows come back with the next run of their feed."""
        with self._session() as connection, connection.transaction():
            found = denial.take_off(connection, keys)
            denial.write_log(connection, who, action, why, keys)
            return found

    def purges(self, dataset: str) -> list[Purge]:
        """Return the purges of ``dataset`` that are not done."""
        with self._session() as connection:
            return purge.pending(connection, dataset)

    def remove(self, dataset: str, resource_id: str, table: Table, zone: str, patience: str = "3s") -> int:
        """Remove the denied rows of ``dataset`` from its table; return how many.

        Raises RunInProgress where a run of the dataset is at work for longer than ``patience``.
        """
        with self._session() as connection:
            number = catalogue.number_of(connection, dataset)
            lock(connection, DATASET, number, patience)
            try:
                shape = Shape(resource_id, table, build.postgis_schema(connection))
                return purge.remove(connection, number, dataset, shape, zone)
            finally:
                unlock(connection, DATASET, number)

    def sweep(self, dataset: str, resource_id: str, table: Table) -> None:
        """Give the space of removed rows back."""
        with self._session() as connection:
            number = catalogue.number_of(connection, dataset)
            purge.sweep(connection, number, Shape(resource_id, table, build.postgis_schema(connection)))

    def finish(self, purges: list[Purge]) -> None:
        """Note that purges are done."""
        with self._session() as connection:
            purge.finish(connection, purges)

    def alike(self, dataset: str, resource_id: str, table: Table) -> list[Alike]:
        """Return how the rows of the table of ``dataset`` hide among each other, by their sets of classes."""
        with self._session() as connection:
            number = catalogue.number_of(connection, dataset)
            shape = Shape(resource_id, table, build.postgis_schema(connection))
            return risk.alike(connection, number, shape)

    def met(self, mine: tuple[str, Table], other: tuple[str, Table], meets: Meeting, zone: str) -> Met | None:
        """Return how the rows of a table meet those of another, each as resource and table; None without one."""
        with self._session() as connection:
            postgis = build.postgis_schema(connection)
            return meeting.met(connection, Shape(*mine, postgis), Shape(*other, postgis), meets, zone)

    def shares(self, dataset: str) -> tuple[int | None, list[Share], dict[str, int]]:
        """Return the last run with rows, what it showed of them, and by column the rows with a value nobody judged."""
        with self._session() as connection:
            return risk.shares(connection, dataset)

    def approve(self, dataset: str, version: str, profile_version: str, who: str) -> None:
        """Write that ``who`` approved the rules of a dataset."""
        with self._session() as connection:
            approval.approve(connection, dataset, version, profile_version, who)

    def approved(self, dataset: str, *, demo: bool) -> Approval | None:
        """Return the newest approval of a dataset's rules; those by the demo count only with ``demo``."""
        with self._session() as connection:
            return approval.latest(connection, dataset, demo=demo)

    def is_demo(self) -> bool:
        """Return whether this portal was set up as a demo."""
        with self._session() as connection:
            return approval.is_demo(connection)

    def propose(self, dataset: str, version: str, profile: str, profile_version: str) -> None:
        """Write by which rules the last feed of ``dataset`` came."""
        with self._session() as connection:
            approval.propose(connection, dataset, version, profile, profile_version)

    def proposal(self, dataset: str) -> Proposal | None:
        """Return the rules that the last feed of ``dataset`` came with; None before the first."""
        with self._session() as connection:
            return approval.proposal(connection, dataset)
