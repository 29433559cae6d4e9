"""What a page of charts and a table asks about the rows that a link chooses.

``/data/DATASET/counts?…`` has their numbers by day or month, by the values of fields, by hour; ``compare?…`` over a
week, 28 days and the year to date, beside the year before; ``position?…`` where a row stands in an order.

In: the parameters of a link. Out: JSON, or words on what is wrong with the question.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import orjson
from flask import Blueprint, Response, request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare.departments.note import Note
from ckanext.cpdi.declare.departments.profile import Feed
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import ROW_ID, Columns
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.query.grammars import link as grammar
from ckanext.cpdi.query.grammars.page import SORT, parse_sort
from ckanext.cpdi.query.notation.moments import parse_day
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.selection import offsets, weekly
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.services.http.answer import open_to_all, say
from ckanext.cpdi.services.http.refusal import naming, refuses_in
from ckanext.cpdi.services.http.table import open_table, readable
from ckanext.cpdi.services.http.version import of_version
from ckanext.cpdi.services.ogc.answers import is_tracking
from ckanext.cpdi.services.tiles.kept import Kept, Made

blueprint = Blueprint("cpdi_explorer", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

BYTES = 16_000_000
"""Bytes of the answers that a process keeps."""
JSON = "application/json"
UNTIL, ROW = "until", "row"
FIRST_YEAR = 1900
"""Before it there is nothing to compare, and a calendar ends."""
_kept = Kept(BYTES)


def _refusal(status: int, words: str, parameter: str) -> Response:
    return say(status, naming(words, parameter), [addresses.url("/help/links")])


@blueprint.get("/<dataset>/compare")
@refuses_in(_refusal)
def compare(dataset: str) -> Response:
    """Answer with a week, 28 days and the year to date of ``dataset`` beside the year before."""
    declared, allowed = readable(dataset)
    with ExitStack() as stack:
        reader = stack.enter_context(open_table(declared))
        until = _until(reader)
        condition = grammar.parse(_pairs((UNTIL,)), reader.table, ZoneInfo(reader.state.zone), config.areas())
        key = (reader.state.key, condition, until)

        def make() -> Response:
            return _answer(key, lambda: _compared(reader, declared.name, condition, until), stack)

        return of_version(reader.state, f"compare-{until}", allowed, make)


@blueprint.get("/<dataset>/counts")
@refuses_in(_refusal)
def counts(dataset: str) -> Response:
    """Answer with the counts of ``dataset``."""
    declared, allowed = readable(dataset)
    with ExitStack() as stack:
        reader = stack.enter_context(open_table(declared))
        condition = grammar.parse(_pairs(), reader.table, ZoneInfo(reader.state.zone), config.areas())
        feed = config.profile_in(reader.state.zone).feed(declared.name)
        noted = hashlib.sha256(msgspec.json.encode([feed.breaks, feed.gaps])).hexdigest()[:8]
        key = (reader.state.key, noted, condition)

        def make() -> Response:
            return _answer(key, lambda: _counted(reader, declared.name, condition, feed), stack)

        return of_version(reader.state, f"counts-{noted}", allowed, make)


@blueprint.get("/<dataset>/position")
@refuses_in(_refusal)
def position(dataset: str) -> Response:
    """Answer with how many rows of ``dataset`` come before one, and how many there are."""
    declared, allowed = readable(dataset)
    with open_table(declared) as reader:
        columns = Columns(reader.table)
        order = parse_sort(request.args.getlist(SORT), columns)
        condition = grammar.parse(_pairs((ROW, SORT)), reader.table, ZoneInfo(reader.state.zone), config.areas())
        row = _row()

        def make() -> Response:
            selection = Selection((ROW_ID,), condition, order)
            before = offsets.position(reader, selection, row)
            rows = len(offsets.sorted_ids(reader, selection))
            document = {"dataset": declared.name, "version": reader.state.version, "rows": rows, "position": before}
            return Response(orjson.dumps(document), content_type=JSON)

        return of_version(reader.state, "position", allowed, make)


def _answer(key: Hashable, make: Callable[[], Made], reading: ExitStack) -> Response:
    """Return the answer that is kept by ``key``; who waits for another to make it does so without a connection."""
    return Response(_kept.get(key, make, reading.close).data, content_type=JSON)


def _row() -> int:
    """Return the id of the row that is asked for."""
    given = [text.strip() for text in request.args.getlist("row") if text.strip()]
    if len(given) != 1 or not re.fullmatch(r"\d{1,9}", given[0], re.ASCII):
        raise UnreadableError(Said("the id of a row, given once, not {given!r}", given=", ".join(given)[:40]), ROW)
    return int(given[0])


def _pairs(own: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the parameters that choose rows, without a service's ``own``; others are refused by the grammar."""
    return [pair for pair in request.args.items(multi=True) if pair[0] not in own and not is_tracking(pair[0])]


def _until(reader: Reader) -> date:
    """Return the last day that is asked for; without one, the last of which all rows have come out."""
    days = [day for day in request.args.getlist("until") if day.strip()]
    if len(days) > 1:
        raise UnreadableError(Said("one day, not {n}", n=len(days)), UNTIL)
    until = parse_day(days[0], UNTIL) if days else weekly.settled(reader)
    if until.year < FIRST_YEAR:
        raise UnreadableError(Said("a day from {first_year} on", first_year=FIRST_YEAR), UNTIL)
    return until


def _compared(reader: Reader, dataset: str, condition: Condition, until: date) -> Made:
    """Return the comparison as JSON."""
    from ckanext.cpdi.selection.counts.compare import compare

    compared = compare(reader, condition, until, config.areas())
    spans = [
        {"name": name, "current": current._asdict(), "prior": prior._asdict()}
        for name, current, prior in compared.windows
    ]
    document = {
        "dataset": dataset,
        "version": reader.state.version,
        "zone": reader.state.zone,
        "until": until,
        "settled": weekly.settled(reader),
        "windows": spans,
        "total": compared.total,
        "categories": [{"value": value, "counts": pairs} for value, pairs in compared.categories],
    }
    return Made(orjson.dumps(document), 0, 0)


def _counted(reader: Reader, dataset: str, condition: Condition, feed: Feed) -> Made:
    """Return the counts as JSON, with what is known of the series."""
    from ckanext.cpdi.selection.counts.answer import counts  # loads Polars, which other processes do without

    document = counts(reader, condition, config.areas())
    document |= series_notes(feed, document["gaps"] or [])
    body = orjson.dumps({"dataset": dataset} | document, option=orjson.OPT_SERIALIZE_NUMPY)
    return Made(body, document["rows"], document["rows"])


def series_notes(feed: Feed, gaps_found: Iterable[tuple[date, date]]) -> dict[str, list[dict[str, object]]]:
    """Return the ``breaks`` and ``gaps`` of a series: what is declared, then gaps that were found beyond that."""
    declared = [_note(gap, gap.end or gap.start) for gap in feed.gaps]
    breaks = [_note(note, None) for note in feed.breaks]
    return {"breaks": breaks, "gaps": [*declared, *_unexplained(gaps_found, feed.gaps)]}


def _note(note: Note, last: str | None) -> dict[str, object]:
    """Return a declared break, which has no last day, or gap, which is one day where none is declared."""
    return {"first": note.start, "last": last, "text": {"en": note.text.en, "es": note.text.get("es")}}


def _unexplained(gaps: Iterable[tuple[date, date]], declared: Iterable[Note]) -> Iterator[dict[str, object]]:
    """Yield gaps that were found, and of which the department says nothing."""
    said = [(date.fromisoformat(note.start), date.fromisoformat(note.end or note.start)) for note in declared]
    for first, last in gaps:
        if not any(begin <= first and last <= end for begin, end in said):
            yield {"first": first, "last": last, "text": None}
