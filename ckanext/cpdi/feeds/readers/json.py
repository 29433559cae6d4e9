"""Reads GeoJSON, an array of objects, JSON lines, or the JSON answer of a map service: records in, text columns out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, cast

import polars as pl

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds.batch import LINE, ROWS, TextBatch, check_headers, regroup, rejects, select_columns
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.frame_file import FrameFile
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.unpack import unpacked
from ckanext.cpdi.feeds.opening import FeedFormat, Opening
from ckanext.cpdi.feeds.parsing.encoding import Survey
from ckanext.cpdi.feeds.parsing.reference import Reference, of_geojson, of_service
from ckanext.cpdi.feeds.parsing.scanner import Scanner
from ckanext.cpdi.feeds.readers.cells import column
from ckanext.cpdi.feeds.readers.document import Members, check_complete, records
from ckanext.cpdi.feeds.readers.geometry import POINT, point, point_names
from ckanext.cpdi.feeds.readers.nested import dotted, reach

_LINES = (".jsonl", ".ndjson")
# Cells that are objects of Python's take several times the memory of a column.
_PARSED_ROWS = 5_000
_BATCH_ROWS = 20_000
_X, _Y = "x", "y"

Record = dict[str, Any]


class Json(FeedFormat):
    """Text that begins with an object or a list."""

    name = "json"
    order = 80

    def takes(self, opening: Opening) -> bool:
        """Take what begins with a bracket, and is no title above a table."""
        return opening.feed.header_line <= 1 and opening.survey.head.lstrip()[:1] in (b"{", b"[")

    def open(self, opening: Opening) -> JsonReader:
        """Parse all records."""
        return JsonReader(opening.spool, opening.feed, opening.survey)


class JsonReader:
    """An opened JSON feed.

    The columns are the names of all records, in the order in which they first occur, and those parts of nested values
    that the profile names with dots (``location.latitude``). A point becomes the columns ``X`` and ``Y``
    (``geometry_x`` and ``geometry_y`` where records have such columns themselves), in degrees where the document names
    its reference system; a nested value stays JSON. A record that is no object is a reject ``not_object``.
    """

    def __init__(self, spool: Spool, feed: Feed, survey: Survey) -> None:
        """Parse all records, once.

        Raises FeedError: truncated also where the document says that it is only a part of the table, unreadable, answer
        where the feed is an error message, reference where points are in an unknown system, header where no record has
        a name.
        """
        self._parts = FrameFile(spool)
        self._rejected: list[list[int]] = []
        self._columns: dict[str, str] = {}
        self._points = False
        self._members: Members = {}
        self._geometries: dict[str, Reference | None] = {}
        self._nested = tuple(dotted(feed).items())
        self._read(spool, survey, tuple(filter(None, feed.records.split("."))))
        self._reference = self._points_reference(feed)
        names = [*self._columns]
        places = [*self._columns.values()]
        if self._points:
            names, places = [*names, *point_names(names)], [*places, _X, _Y]
        self.headers = check_headers(names) if names else ()
        self._places = dict(zip(self.headers, places, strict=True))
        if self._reference and not self._reference.crs:
            for _ in self.batches(columns=self.headers[-2:]):  # before anything is published
                pass

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[TextBatch]:
        """Yield the records in batches of at most ``rows``."""
        if self.headers:
            yield from regroup(self._batches(select_columns(self.headers, columns)), min(rows, _BATCH_ROWS))

    def _batches(self, columns: tuple[str, ...]) -> Iterator[TextBatch]:
        places = [self._places[name] for name in columns]
        reference = self._reference if {_X, _Y} & {*places} else None
        stored = list(dict.fromkeys((*places, *((_X, _Y) if reference else ()), LINE)))
        for frame, rejected in zip(self._parts.frames(stored), self._rejected, strict=True):
            part = _in_degrees(frame, reference) if reference else frame
            named = part.select(*(pl.col(place).alias(name) for place, name in zip(places, columns, strict=True)), LINE)
            yield TextBatch(named, rejects((number, "not_object") for number in rejected))

    def _read(self, spool: Spool, survey: Survey, way: tuple[str, ...]) -> None:
        """Parse the document into parts; raise FeedError where it is damaged, or only a part of the table.

        ``way`` leads to the list of records, where the profile says so.
        """
        is_lines = not way and (spool.name.lower().endswith(_LINES) or _is_lines(survey.head))
        count = 0
        with unpacked(spool) as raw:
            scanner = Scanner(survey.utf8(raw))
            items = _lines(scanner) if is_lines else records(scanner, self._members, way)
            while part := list(islice(items, _PARSED_ROWS)):
                self._add(part, count + 1)
                count += len(part)
        check_complete(self._members, count)

    def _add(self, items: list[object], first: int) -> None:
        """Keep some records, the first of which has the number ``first``."""
        numbers = [first + at for at, item in enumerate(items) if isinstance(item, dict)]
        self._rejected.append([first + at for at, item in enumerate(items) if not isinstance(item, dict)])
        good = [self._flat(cast(Record, item)) for item in items if isinstance(item, dict)]
        names = dict.fromkeys(name for record, _ in good for name in record)
        for name in names:
            self._columns.setdefault(name, str(len(self._columns)))
        columns = [column(self._columns[name], [record.get(name) for record, _ in good]) for name in names]
        places = [place or POINT for _, place in good]
        if any(place for _, place in good):
            self._points = True
            columns += [column(_X, [x for x, _ in places]), column(_Y, [y for _, y in places])]
        self._parts.add(pl.DataFrame([*columns, pl.Series(LINE, numbers, pl.UInt32)]))

    def _flat(self, item: Record) -> tuple[Record, tuple[Any, Any] | None]:
        """Return the members of a record, and its point: None for a record that is no feature."""
        is_feature = item.get("type") == "Feature"
        attributes: object = item.get("properties") or {} if is_feature else item.get("attributes")
        place = None
        if isinstance(attributes, dict):
            flat = dict(cast(Record, attributes))
            if "id" in item:
                flat.setdefault("id", item["id"])
            geometry: object = item.get("geometry")
            place = point(geometry)
            if isinstance(geometry, dict) and "spatialReference" in geometry:
                self._note(cast(Record, geometry)["spatialReference"])
        else:
            flat = item
        for name, steps in self._nested:
            if name not in flat and (value := reach(flat, steps)) is not None:
                flat[name] = value
        return flat, place

    def _note(self, spatial_reference: object) -> None:
        """Keep the reference system that a map service names with a geometry."""
        self._geometries.setdefault(json.dumps(spatial_reference, sort_keys=True), of_service(spatial_reference))

    def _points_reference(self, feed: Feed) -> Reference | None:
        """Return the reference system of the points; None for degrees, or where the profile's is used.

        Raises FeedError where there are several.
        """
        if "crs" in self._members or "spatialreference" in self._members:
            declared = of_geojson(self._members.get("crs")) or of_service(self._members.get("spatialreference"))
            return None if declared and not declared.crs and feed.coordinates.reading == "projected" else declared
        references = {reference.name if reference else "": reference for reference in self._geometries.values()}
        if len(references) > 1:
            raise FeedError("reference", "The points of the feed are in several reference systems; export them in one.")
        return next(iter(references.values()), None)


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


def _in_degrees(frame: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return the frame with its points in degrees."""
    x, y = reference.degrees(frame[_X].to_list(), frame[_Y].to_list())
    return frame.with_columns(pl.Series(_X, x, pl.String), pl.Series(_Y, y, pl.String))
