"""Totals of searches in our tables, counted once for each version of a table.

A page of a search is read in a few milliseconds, while its total is counted from all hits. Until the table has another
version the total of a question is the same for whoever asks; each change of rows makes a version, a purge as well.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import sqlalchemy as sa
from ckan.types import Context

from ckanext.cpdi.protect.searches.parameters import flag
from ckanext.cpdi.query.words import Word
from ckanext.datastore.backend.postgres import get_read_engine

Query = dict[str, Any]
MOST = 10_000
"""Totals that a process keeps, about 5 MB."""
_NARROWING = {"filters", "q", "full_text", "distinct"}
"""Parameters that choose rows; without any of them CKAN knows the total."""
_COUNTED = (*_NARROWING, "fields", "plain", "language")
"""Parameters that a total depends on."""
_VERSION = sa.text("SELECT version FROM public._cpdi_version WHERE resource_id = :id")


class Totals:
    """The totals that were asked for last, at most ``most``; for many threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._totals: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def get(self, question: str) -> int | None:
        """Return the total of ``question``; None where it is not known."""
        with self._lock:
            if question in self._totals:
                self._totals.move_to_end(question)
            return self._totals.get(question)

    def keep(self, question: str, total: int) -> None:
        """Keep a total; those that nobody asked for longest go."""
        with self._lock:
            self._totals[question] = total
            while len(self._totals) > self._most:
                self._totals.popitem(last=False)


_totals = Totals()


def search(
    find: Callable[[Context, Query], Query], context: Context, query: Query, terms: Sequence[Word] = ()
) -> Query:
    """Return what ``find`` (a ``datastore_search``) finds in a table of ours; count its total if it is not known.

    ``terms`` are further conditions, which ``find`` takes from ``context``. Whether the reader may see the rows is
    asked by ``find``, before anything is told.
    """
    question = _question(query, terms)
    total = _totals.get(question) if question else None
    if total is not None:
        return {**find(context, {**query, "include_total": False}), "include_total": True, "total": total}
    result = find(context, query)
    if question and "total" in result:
        _totals.keep(question, result["total"])
    return result


def _question(query: Query, terms: Sequence[Word]) -> str:
    """Return the table, its version and all that a total depends on; empty where none is asked for, or CKAN has it."""
    asked = {name: query[name] for name in _COUNTED if query.get(name)}
    if not flag(query, "include_total", default=True) or not (terms or asked.keys() & _NARROWING):
        return ""
    with get_read_engine().connect() as connection:
        version = connection.execute(_VERSION, {"id": query["resource_id"]}).scalar()
    if version is None:
        return ""
    words = [[term.text, term.prefix, term.column] for term in terms]
    return json.dumps([query["resource_id"], version, asked, words], sort_keys=True, default=str)
