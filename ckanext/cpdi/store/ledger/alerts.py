"""What staff were last told of each dataset, under each topic, so that the same state is not told every night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg.rows import class_row

from ckanext.cpdi.store.database.session import Connection

Topic = Literal["run", "files", "full"]
"""What a state is about: the last run, files and page that do not follow the table, full feeds that do not come."""


@dataclass(frozen=True)
class Told:
    """``signature`` stands for the state that staff were told of, ``run`` is the run that was in it, 0 for none."""

    signature: str
    run: int
    sent: datetime


def told(connection: Connection, dataset: str, topic: Topic = "run") -> Told | None:
    """Return what staff were last told of ``dataset`` under this topic; None where they were told nothing."""
    cursor = connection.cursor(row_factory=class_row(Told))
    query = "SELECT signature, run, sent FROM cpdi.alert WHERE dataset = %s AND topic = %s"
    return cursor.execute(query, (dataset, topic)).fetchone()


def tell(connection: Connection, dataset: str, signature: str, run: int, topic: Topic = "run") -> None:
    """Remember what staff were told just now; an empty signature forgets it."""
    if not signature:
        connection.execute("DELETE FROM cpdi.alert WHERE dataset = %s AND topic = %s", (dataset, topic))
        return
    connection.execute(
        "INSERT INTO cpdi.alert (dataset, topic, signature, run) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (dataset, topic)"
        " DO UPDATE SET signature = excluded.signature, run = excluded.run, sent = now()",
        (dataset, topic, signature, run),
    )
