"""What staff were last told of each dataset, so that the same state is not told every night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from ckanext.cpdi.store.session import Connection


@dataclass(frozen=True)
class Told:
    """``signature`` stands for the state that staff were told of, ``run`` is the run that was in it."""

    signature: str
    run: int
    sent: datetime


def told(connection: Connection, dataset: str) -> Told | None:
    """Return what staff were last told of ``dataset``; None where they were told nothing."""
    cursor = connection.cursor(row_factory=class_row(Told))
    return cursor.execute("SELECT signature, run, sent FROM cpdi.alert WHERE dataset = %s", (dataset,)).fetchone()


def tell(connection: Connection, dataset: str, signature: str, run: int) -> None:
    """Remember what staff were told just now; an empty signature forgets it."""
    if not signature:
        connection.execute("DELETE FROM cpdi.alert WHERE dataset = %s", (dataset,))
        return
    connection.execute(
        "INSERT INTO cpdi.alert (dataset, signature, run) VALUES (%s, %s, %s) ON CONFLICT (dataset)"
        " DO UPDATE SET signature = excluded.signature, run = excluded.run, sent = now()",
        (dataset, signature, run),
    )
