"""Reads GeoJSON, an array of objects, JSON lines, or the JSON answer of a map service: records in, text columns out."""

from __future__ import annotations

import json
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from ckanext.cpdi.feeds.batch import ROWS, Batch, check_headers, wanted
from ckanext.cpdi.feeds.encoding import Survey
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.readers.rows import Row, batches
from ckanext.cpdi.feeds.scanner import Scanner
from ckanext.cpdi.feeds.spool import Spool
from ckanext.cpdi.feeds.unpack import unpacked

_LISTS = ("features", "records", "rows", "results", "data", "items", "value")
_LINES = (".jsonl", ".ndjson")
_POINT = {"X", "Y", "x", "y"}

Record = dict[str, Any]


class JsonReader:
    """A JSON feed that is opened.

    The columns are the names of all records, in the order in which they are first seen. A point becomes the columns
    ``X`` and ``Y`` (``geometry_x`` and ``geometry_y`` where the record has those); a nested value stays JSON. A record
    that is no object is a reject ``not_object``.
    """

    def __init__(self, spool: Spool, survey: Survey) -> None:
        """Read all records once for their names.

        Raises FeedError: truncated, unreadable, answer where the feed is an error message, header where no record has
        a name.
        """
        self._spool = spool
        self._survey = survey
        self._lines = spool.name.lower().endswith(_LINES) or _is_lines(survey.head)
        names: dict[str, None] = {}
        for record in self._records():
            names.update(dict.fromkeys(record or ()))
        self._names = tuple(names)
        self.headers = check_headers(self._names) if self._names else ()

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[Batch]:
        """Yield the records in batches of at most ``rows``."""
        headers = wanted(self.headers, columns)
        names = [name for one, name in zip(self.headers, self._names, strict=True) if one in headers]
        if headers:
            yield from batches(headers, enumerate((_row(one, names) for one in self._records()), start=1), rows)

    def _records(self) -> Iterator[Record | None]:
        """Yield each record as a flat object, None for what is no object."""
        with self._scanner() as scanner:
            for item in _lines(scanner) if self._lines else _items(scanner):
                yield _flat(cast(Record, item)) if isinstance(item, dict) else None

    @contextmanager
    def _scanner(self) -> Generator[Scanner]:
        with unpacked(self._spool) as raw:
            yield Scanner(self._survey.utf8(raw))


def _row(record: Record | None, names: Sequence[str]) -> Row | str:
    return "not_object" if record is None else [text(record.get(name)) for name in names]


def _is_lines(head: bytes) -> bool:
    """Say whether the first line is an object of its own, and a second one follows."""
    first, _, rest = head.lstrip().partition(b"\n")
    try:
        return isinstance(json.loads(first), dict) and rest.lstrip().startswith(b"{")
    except (ValueError, RecursionError):
        return False


def _lines(scanner: Scanner) -> Iterator[object]:
    while scanner.peek():
        yield scanner.value()


def _items(scanner: Scanner) -> Iterator[object]:
    """Yield the items of the array, or of the first list of records in the object, that the feed is."""
    if scanner.peek() == "[":
        yield from scanner.items()
        scanner.end()
        return
    found = False
    scanner.take("{")
    while scanner.peek() != "}":
        name = scanner.value()
        scanner.take(":")
        if name in _LISTS and not found and scanner.peek() == "[":
            found = True
            yield from scanner.items()
        elif scanner.value() and name == "error":
            raise FeedError("answer", "The feed's address answered with an error message in place of a table.")
        if scanner.peek() != "}":
            scanner.take(",")
    scanner.take("}")
    scanner.end()
    if not found:
        raise FeedError("answer", "The feed is a JSON object without a list of records, perhaps an error message.")


def _flat(item: Record) -> Record:
    """Return a GeoJSON feature, or one of a map service, as one flat object; others as they are."""
    is_feature = item.get("type") == "Feature"
    attributes: object = item.get("properties") or {} if is_feature else item.get("attributes")
    if not isinstance(attributes, dict):
        return item
    flat = dict(cast(Record, attributes))
    if "id" in item:
        flat.setdefault("id", item["id"])
    x, y = point_names(flat)
    flat[x], flat[y] = point(item.get("geometry"))
    return flat


def point_names(names: Iterable[str]) -> tuple[str, str]:
    """Return the columns of a point: ``X`` and ``Y``, or longer names where the record has such columns itself."""
    return ("X", "Y") if _POINT.isdisjoint(names) else ("geometry_x", "geometry_y")


def point(geometry: object) -> tuple[str | None, str | None]:
    """Return x and y of a GeoJSON or Esri point as text; nothing for another geometry."""
    if not isinstance(geometry, dict):
        return None, None
    shape = cast(Record, geometry)
    places = shape.get("coordinates") if shape.get("type") == "Point" else [shape.get("x"), shape.get("y")]
    if not isinstance(places, list) or len(cast(list[object], places)) < 2:
        return None, None
    x, y, *_ = cast(list[object], places)
    return text(x), text(y)


def text(value: object) -> str | None:
    """Return a value of JSON as text; numbers come as the text they were."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
