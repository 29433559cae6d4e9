"""Reported errors: received from visitors, answered by staff; what visitors wrote is deleted after the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from psycopg.rows import class_row

from ckanext.cpdi.declare.erratum import FIRST, STATES
from ckanext.cpdi.store.database.session import Session
from ckanext.cpdi.store.errors import StoreError

_COLUMNS = "number, dataset, received_on, state, summary, answer, language, changed, changed_by, answered"


@dataclass(frozen=True)
class Letter:
    """What a visitor wrote: the record or page that it is ``about``, the ``text``, an ``address`` of mail.

    The first and the last may be empty. All three are for staff alone.
    """

    about: str
    text: str
    address: str


@dataclass(frozen=True)
class Answer:
    """What staff publish of a report: its state, what it is about, what came of it, and the language of both texts."""

    state: str
    summary: str
    answer: str
    language: str


@dataclass(frozen=True)
class StaffErratum:
    """A report as staff see it; ``dataset`` is empty where it is about the portal, ``answered`` None while it waits."""

    number: int
    dataset: str
    received_on: date
    state: str
    summary: str
    answer: str
    language: str
    changed: datetime
    changed_by: str
    answered: datetime | None


class Errata:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session) -> None:
        """Work on the connection of ``session``."""
        self._session = session

    def receive(self, dataset: str, letter: Letter, received_on: date, language: str) -> int:
        """Keep a report that came on a day of the department; return its number."""
        query = (
            "INSERT INTO cpdi.erratum (dataset, received_on, state, language, changed)"
            " VALUES (%(dataset)s, %(day)s, %(state)s, %(language)s, %(day)s::date) RETURNING number"
        )
        values = {"dataset": dataset, "day": received_on, "state": FIRST, "language": language}
        with self._session() as connection, connection.transaction():
            row = connection.execute(query, values).fetchone()
            if row is None:
                raise StoreError("the report could not be kept")
            connection.execute(
                "INSERT INTO cpdi.erratum_letter (number, about, text, address) VALUES (%s, %s, %s, %s)",
                (row[0], letter.about, letter.text, letter.address),
            )
            return int(row[0])

    def received_since(self, moment: datetime) -> int:
        """Return how many reports came since ``moment`` whose letters are here."""
        query = "SELECT count(*) FROM cpdi.erratum_letter WHERE received > %s"
        with self._session() as connection:
            row = connection.execute(query, (moment,)).fetchone()
        return int(row[0]) if row else 0

    def waiting(self) -> list[StaffErratum]:
        """Return the reports that staff have not answered, the longest waiting first."""
        return self._read("WHERE answered IS NULL ORDER BY number", ())

    def answered(self, most: int) -> list[StaffErratum]:
        """Return ``most`` reports that are answered, the last one first."""
        return self._read("WHERE answered IS NOT NULL ORDER BY answered DESC LIMIT %s", (most,))

    def get(self, number: int) -> StaffErratum | None:
        """Return a report; None where there is none."""
        return next(iter(self._read("WHERE number = %s", (number,))), None)

    def letter(self, number: int) -> Letter | None:
        """Return what the visitor wrote; None where it is deleted."""
        query = "SELECT about, text, address FROM cpdi.erratum_letter WHERE number = %s"
        with self._session() as connection:
            return connection.cursor(row_factory=class_row(Letter)).execute(query, (number,)).fetchone()

    def answer(self, number: int, answer: Answer, who: str) -> StaffErratum:
        """Publish what staff say of a report; return it. Raises StoreError where there is none."""
        query = (
            "UPDATE cpdi.erratum SET state = %s, summary = %s, answer = %s, language = %s, changed = now(),"
            " changed_by = %s, answered = CASE WHEN %s THEN coalesce(answered, now()) END WHERE number = %s"
        )
        done = STATES[answer.state].answered
        values = (answer.state, answer.summary, answer.answer, answer.language, who, done, number)
        with self._session() as connection:
            if connection.execute(query, values).rowcount != 1:
                raise StoreError("there is no such report of an error")
        return self._must(number)

    def remove(self, number: int) -> None:
        """Delete what is no report of an error, advertising for example; its number is not given again.

        Raises StoreError where there is none.
        """
        with self._session() as connection:
            if connection.execute("DELETE FROM cpdi.erratum WHERE number = %s", (number,)).rowcount != 1:
                raise StoreError("there is no such report of an error")

    def forget_letters(self, before: datetime) -> int:
        """Delete what visitors wrote in reports that were answered before a moment; return how many these were."""
        query = (
            "DELETE FROM cpdi.erratum_letter AS letter USING cpdi.erratum AS erratum"
            " WHERE erratum.number = letter.number AND erratum.answered < %s"
        )
        with self._session() as connection:
            return connection.execute(query, (before,)).rowcount

    def _read(self, which: LiteralString, values: tuple[object, ...]) -> list[StaffErratum]:
        query = f"SELECT {_COLUMNS} FROM cpdi.erratum {which}"
        with self._session() as connection:
            return connection.cursor(row_factory=class_row(StaffErratum)).execute(query, values).fetchall()

    def _must(self, number: int) -> StaffErratum:
        erratum = self.get(number)
        if erratum is None:
            raise StoreError("there is no such report of an error")
        return erratum
