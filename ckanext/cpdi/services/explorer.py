"""``/data/DATASET/counts?…``: how many rows a link chooses, by day or month, by the values of fields, by hour.

In: the parameters of a link. Out: JSON, from which a page reckons any part of the period by itself; or words on what is
wrong with the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from zoneinfo import ZoneInfo

import orjson
from flask import Blueprint, Response, request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare.departments.profile import Note
from ckanext.cpdi.query.grammars import link as grammar
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.services.http.answer import open_to_all, say
from ckanext.cpdi.services.http.refusal import refuses_in
from ckanext.cpdi.services.http.table import open_table, readable
from ckanext.cpdi.services.http.version import of_version
from ckanext.cpdi.services.ogc.answers import is_tracking
from ckanext.cpdi.services.tiles.kept import Kept, Made

blueprint = Blueprint("cpdi_explorer", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

BYTES = 16_000_000
"""Bytes of the answers that a process keeps."""
JSON = "application/json"
_kept = Kept(BYTES)


def _refusal(status: int, words: str, parameter: str) -> Response:
    return say(status, f"{parameter}: {words}" if parameter else words, [addresses.url("/help/links")])


@blueprint.get("/<dataset>/counts")
@refuses_in(_refusal)
def counts(dataset: str) -> Response:
    """Answer with the counts of ``dataset``."""
    declared, allowed = readable(dataset)
    with ExitStack() as stack:
        reader = stack.enter_context(open_table(declared))
        condition = grammar.parse(_pairs(), reader.table, ZoneInfo(reader.state.zone), config.areas())
        key = (reader.state.key, condition)

        def make() -> Response:
            made = _kept.get(key, lambda: _counted(reader, declared.name, condition), stack.close)
            return Response(made.data, content_type=JSON)

        return of_version(reader.state, "counts", allowed, make)


def _pairs() -> list[tuple[str, str]]:
    """Return the parameters that choose rows; what the grammar does not know is refused there."""
    return [pair for pair in request.args.items(multi=True) if not is_tracking(pair[0])]


def _counted(reader: Reader, dataset: str, condition: Condition) -> Made:
    """Return the counts as JSON, with what is known of the series."""
    from ckanext.cpdi.selection.counts.answer import counts  # loads Polars, which other processes do without

    document = counts(reader, condition, config.areas())
    feed = config.profile_in(reader.state.zone).feed(dataset)
    document["breaks"] = [_note(note) for note in feed.breaks]
    document["gaps"] = [*map(_note, feed.gaps), *_unexplained(document["gaps"] or [], feed.gaps)]
    body = orjson.dumps({"dataset": dataset} | document, option=orjson.OPT_SERIALIZE_NUMPY)
    return Made(body, document["rows"], document["rows"])


def _note(note: Note) -> dict[str, object]:
    """Return a declared break or gap; a break has no last day."""
    return {"first": note.start, "last": note.end or None, "text": {"en": note.text.en, "es": note.text.get("es")}}


def _unexplained(gaps: Iterable[tuple[date, date]], declared: Iterable[Note]) -> Iterator[dict[str, object]]:
    """Yield gaps that were found, and of which the department says nothing."""
    said = [(date.fromisoformat(note.start), date.fromisoformat(note.end or note.start)) for note in declared]
    for first, last in gaps:
        if not any(begin <= first and last <= end for begin, end in said):
            yield {"first": first, "last": last, "text": None}
