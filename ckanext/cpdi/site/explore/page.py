"""The page of the explorer as the server prints it: counts in words, the filter as a form, the first rows, and
links to all of them.

In: a table, and the parameters of the request. Out: a view model. What is asked is checked as for files; an error is
words beside the form, which keeps what was asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec
import psycopg

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Profile, Text
from ckanext.cpdi.errors import translated
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.selection.errors import BusyError, NoRowsError, TooSlowError
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.http.table import open_table
from ckanext.cpdi.site import words as numbers
from ckanext.cpdi.site.explore.description import Description
from ckanext.cpdi.site.explore.form import Form, Pairs, form
from ckanext.cpdi.site.explore.rows import FirstRows, first_rows

_ALL = Text("{n} {many} in all.", "{n} {many} en total.")
_SINGLE = Text("1 {one} in all.", "1 {one} en total.")
_ONE = Text("1 {one} of {all} meets the filter.", "1 {one} de {all} cumple el filtro.")
_MANY = Text("{n} {many} of {all} meet the filter.", "{n} {many} de {all} cumplen el filtro.")
_DOWN = Text(
    "The rows cannot be counted at the moment. Please try again in a minute.",
    "Las filas no se pueden contar en este momento. Inténtelo de nuevo en un minuto.",
)
_EMPTY = Text("This table has no rows at present.", "Esta tabla no tiene filas por ahora.")
_NOTHING = Text("Nothing has been published here yet.", "Aquí todavía no se ha publicado nada.")
_WAITING = 2
"""Seconds that the first rows may take: the page waits for them."""


@dataclass(frozen=True)
class _Read:
    """What was read for a page."""

    status: int
    sentence: str = ""
    problem: str = ""
    rows: FirstRows | None = None
    is_empty: bool = False


@dataclass(frozen=True)
class Download:
    """A link to the rows in a format."""

    title: str
    url: str
    extension: str


@dataclass(frozen=True)
class Page:
    """What the page says; ``problem`` in place of ``sentence`` where the rows could not be counted.

    ``rows`` are the first of them, None where nobody asked for them or they did not come in time.
    ``data`` is the description for the browser as JSON, ``question`` the parameters that choose rows. A table that
    ``is_empty`` has nothing to be explored, whatever is asked.
    """

    status: int
    sentence: str
    problem: str
    rows: FirstRows | None
    is_empty: bool
    form: Form
    downloads: tuple[Download, ...]
    data: str
    question: str


def page(
    dataset: Dataset, profile: Profile, description: Description, asked: Pairs, language: str, *, with_rows: bool
) -> Page:
    """Return the page of ``dataset`` as the department has it, for the parameters ``asked``; others are left alone."""
    pairs = tuple(pair for pair in asked if link.is_parameter(pair[0], dataset.rows) and pair[1].strip())
    question = urlencode(pairs)
    read = _read(dataset, profile, description, pairs, asked if with_rows else None, language)
    named = {column.name: column for column in description.columns}
    return Page(
        status=read.status,
        sentence=read.sentence,
        problem=read.problem,
        rows=read.rows,
        is_empty=read.is_empty,
        form=form(dataset.rows, named, [text.en for text in profile.categories.values()], pairs, language),
        downloads=tuple(
            Download(kind.title, f"{kind.address}?{question}" if question else kind.address, kind.extension)
            for kind in description.formats
        ),
        data=msgspec.json.encode(description).decode(),
        question=question,
    )


def _read(
    dataset: Dataset, profile: Profile, description: Description, pairs: Pairs, asked: Pairs | None, language: str
) -> _Read:
    """Return how many rows meet the filter ``pairs``, or what is wrong; and the first of them, where ``asked`` says
    how they look.
    """
    try:
        with open_table(dataset) as reader:
            if reader.state.rows == 0:
                return _Read(200, _EMPTY.get(language), is_empty=True)
            condition = link.parse(pairs, dataset.rows, profile.zone, config.areas())
            total = reader.count(condition) if pairs else reader.state.rows
            sentence = _words(dataset, total, reader.state.rows, bool(pairs), language)
            rows = None if asked is None else _rows(reader, condition, total, description, asked, language)
            return _Read(200, sentence, rows=rows)
    except NoRowsError:
        return _Read(200, _NOTHING.get(language), is_empty=True)
    except (QueryError, BusyError, TooSlowError, psycopg.Error) as error:
        said = translated(error.said, language) if isinstance(error, QueryError) else _DOWN.get(language)
        named = getattr(error, "parameter", "")
        return _Read(status_of(error), problem=f"{named}: {said}" if named else said)


def _rows(
    reader: Reader, condition: Condition, total: int, description: Description, asked: Pairs, language: str
) -> FirstRows | None:
    """Return the first rows; None where they do not come in time: their number is there, and scripts ask once more."""
    try:
        reader.allow(_WAITING)
        return first_rows(reader, condition, total, description, asked, language)
    except (BusyError, TooSlowError, psycopg.Error):
        return None


def _words(dataset: Dataset, rows: int, total: int, is_filtered: bool, language: str) -> str:
    singular, plural = (_ONE, _MANY) if is_filtered else (_SINGLE, _ALL)
    text = singular if rows == 1 else plural
    counts = {"n": numbers.number(rows, language), "all": numbers.number(total, language)}
    return text.get(language).format(one=dataset.one.get(language), many=dataset.many.get(language), **counts)
