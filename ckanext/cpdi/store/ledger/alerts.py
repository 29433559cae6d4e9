"""What staff were last told of each dataset, under each topic, so that the same state is not told every night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg.rows import class_row

from ckanext.cpdi.store.database.session import Session

Topic = Literal["run", "files", "full", "errata", "figures"]
"""What a state is about: the last run, files and page that do not follow the table, full feeds that do not come, errors
that readers reported (of no dataset), figures in reports that do not add up.
"""


@dataclass(frozen=True)
class Alert:
    """``signature`` stands for the state that staff were told of, ``run`` is the run that was in it, 0 for none."""

    signature: str
    run: int
    sent: datetime


class Alerts:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session) -> None:
        """Work on the connection of ``session``."""
        self._session = session

    def last(self, dataset: str, topic: Topic = "run") -> Alert | None:
        """Return what staff were last told of ``dataset`` under this topic; None where they were told nothing."""
        query = "SELECT signature, run, sent FROM cpdi.alert WHERE dataset = %s AND topic = %s"
        with self._session() as connection:
            return connection.cursor(row_factory=class_row(Alert)).execute(query, (dataset, topic)).fetchone()

    def remember(self, dataset: str, signature: str, run: int, topic: Topic = "run") -> None:
        """Remember that staff were told of ``dataset`` and this run just now."""
        with self._session() as connection:
            connection.execute(
                "INSERT INTO cpdi.alert (dataset, topic, signature, run) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (dataset, topic)"
                " DO UPDATE SET signature = excluded.signature, run = excluded.run, sent = now()",
                (dataset, topic, signature, run),
            )

    def forget(self, dataset: str, topic: Topic = "run") -> None:
        """Forget what staff were told of ``dataset`` under this topic: its state is over."""
        with self._session() as connection:
            connection.execute("DELETE FROM cpdi.alert WHERE dataset = %s AND topic = %s", (dataset, topic))
