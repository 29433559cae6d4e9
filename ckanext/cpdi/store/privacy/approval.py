"""Who approved which rules of masking for which dataset, and which rules wait for somebody to look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ckanext.cpdi.store.database.session import Session

DEMO = "(demo)"
"""Who approves where nobody does: a demo has no records officer. No user can have this name."""


@dataclass(frozen=True)
class Approval:
    """The rules that were approved: their ``version``, and the profile's name and version; ``who`` is not public."""

    dataset: str
    version: str
    profile_version: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Proposal:
    """The rules that the last feed came with; ``profile`` is the profile as it was named, empty for the site's own."""

    dataset: str
    version: str
    profile: str
    profile_version: str
    asked: datetime


class Approvals:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session) -> None:
        """Work on the connection of ``session``."""
        self._session = session

    def approve(self, dataset: str, version: str, profile_version: str, who: str) -> None:
        """Write that ``who`` approved the rules of a dataset."""
        query = "INSERT INTO cpdi.approval (dataset, version, profile_version, who) VALUES (%s, %s, %s, %s)"
        with self._session() as connection:
            connection.execute(query, (dataset, version, profile_version, who))

    def latest(self, dataset: str, *, demo: bool) -> Approval | None:
        """Return the newest approval of a dataset's rules; those by the demo count only with ``demo``."""
        query = (
            "SELECT dataset, version, profile_version, who, at FROM cpdi.approval"
            " WHERE dataset = %s AND (%s OR who <> %s) ORDER BY id DESC LIMIT 1"
        )
        with self._session() as connection:
            row = connection.execute(query, (dataset, demo, DEMO)).fetchone()
        return Approval(*row) if row else None

    def is_demo(self) -> bool:
        """Return whether this portal was set up as a demo."""
        with self._session() as connection:
            row = connection.execute("SELECT EXISTS (SELECT FROM cpdi.approval WHERE who = %s)", (DEMO,)).fetchone()
        return bool(row and row[0])

    def propose(self, dataset: str, version: str, profile: str, profile_version: str) -> None:
        """Write by which rules the last feed of ``dataset`` came."""
        query = (
            "INSERT INTO cpdi.proposal AS old (dataset, version, profile, profile_version) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (dataset) DO UPDATE SET profile = excluded.profile,"
            " profile_version = excluded.profile_version, version = excluded.version,"
            " asked = CASE WHEN old.version = excluded.version THEN old.asked ELSE excluded.asked END"
        )
        with self._session() as connection:
            connection.execute(query, (dataset, version, profile, profile_version))

    def proposal(self, dataset: str) -> Proposal | None:
        """Return the rules that the last feed of ``dataset`` came with; None before the first."""
        query = "SELECT dataset, version, profile, profile_version, asked FROM cpdi.proposal WHERE dataset = %s"
        with self._session() as connection:
            row = connection.execute(query, (dataset,)).fetchone()
        return Proposal(*row) if row else None
