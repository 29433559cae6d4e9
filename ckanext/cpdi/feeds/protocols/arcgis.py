"""Fetches an ArcGIS layer page by page into a spool file, and proves by its count that no row is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from urllib3.util import Url

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError, Unchanged
from ckanext.cpdi.feeds.files.spool import Spool, spooling
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.map_service import Count, Description, Feature, Page, ask
from ckanext.cpdi.feeds.network.web import Client, parse, show
from ckanext.cpdi.feeds.parsing.reference import of_service
from ckanext.cpdi.feeds.protocols.http import Web
from ckanext.cpdi.feeds.query import Query, read_query
from ckanext.cpdi.feeds.readers.arcgis import SUFFIX, write_row
from ckanext.cpdi.feeds.readers.cells import text
from ckanext.cpdi.feeds.readers.geometry import point, point_names

_LAYER = re.compile(r"https?://[^?#]*/(?:FeatureServer|MapServer)/\d+(?:/query)?/?(?:[?#]|\Z)", re.IGNORECASE)
_PAGE = 2000
_MOST_EMPTY = 3
"""Successive pages without a row after which a layer is taken to have no more."""


class ArcgisLayer(Web):
    """A layer or table of an ArcGIS map service."""

    name = "arcgis"
    order = 8
    example = "https://gis.example.gov/…/FeatureServer/0"

    def takes(self, location: str) -> bool:
        """Take the addresses of layers."""
        return bool(_LAYER.match(location))

    def check(self, location: str) -> None:
        """Refuse a location that is no URL, or has a query with parameters that cannot be obeyed."""
        super().check(location)
        read_query(parse(location).query or "")

    def ask(self, client: Client, location: str, previous: Version | None) -> Spool:
        """Fetch all rows; each page is retried by itself."""
        return fetch_layer(client, parse(location), previous)


@dataclass(frozen=True)
class Layer:
    """A layer's own description, as far as the address asks for it: columns, object id, most rows of a page, whether
    points come.
    """

    url: Url
    query: Query
    columns: tuple[str, ...]
    object_id: str
    page: int
    pages_by_offset: bool
    points: bool
    version: str


def fetch_layer(client: Client, target: Url, previous: Version | None) -> Spool:
    """Return the layer's rows as a spool that :class:`ArcgisReader` reads.

    Rows come in the order of the object id, every value as text (dates in epoch milliseconds), a point as ``X`` and
    ``Y`` in degrees. Raises Unchanged where the layer's own edit stamp and count are those of ``previous``; FeedError
    where the count at the end is not the number of rows that came.
    """
    layer = _describe(client, target)
    count = _count(client, layer)
    etag = f"{layer.version}-{count}" if layer.version else ""
    if previous and etag and previous.etag == etag:
        raise Unchanged
    settings = client.settings
    with spooling(settings.spool_dir, settings.max_bytes) as writer:
        x, y = point_names(layer.columns)
        writer.write(write_row([*layer.columns, *((x, y) if layer.points else ())]))
        rows = 0
        for page in _pages(client, layer, count):
            for row in _rows(page, layer):
                writer.write(write_row(row))
            rows += len(page.features)
        after = _count(client, layer)
        if not rows == count == after:
            raise FeedError(
                "changed" if count != after else "truncated",
                Said(
                    "The layer has {after:,} rows, {rows:,} came and {count:,} were announced. The next "
                    "run tries again.",
                    after=after,
                    rows=rows,
                    count=count,
                ),
            )
        return writer.spool(_name(layer.url), etag)


def _pages(client: Client, layer: Layer, count: int) -> Iterator[Page]:
    """Yield the layer's pages, each object id once and in order, up to ``count`` rows or more.

    Servers may give fewer rows a page than they announce, and need not say that there are more; only the count shows
    the end. After an empty page the next ones are requested by object id, since servers miscount offsets.
    """
    last, rows, empty = -1, 0, 0
    while True:
        parameters = _page(layer, rows, last, by_offset=layer.pages_by_offset and not empty)
        page = ask(client, layer.url, "/query", [*layer.query.others, *parameters.items()], Page)
        for feature in page.features:
            number = _object_id(feature, layer)
            if number <= last:
                raise FeedError("changed", "The layer changed while it was read: its pages overlap. Try again later.")
            last = number
        yield page
        rows += len(page.features)
        empty = 0 if page.features else empty + 1
        more = page.exceeded_transfer_limit or len(page.features) >= layer.page
        if empty > _MOST_EMPTY or (rows >= count and not (more and page.features)):
            return


def _rows(page: Page, layer: Layer) -> list[list[str | None]]:
    """Return the features' cells in the order of the columns, the points last.

    Points are requested in degrees; a service may name another system instead. Raises FeedError (reference).
    """
    rows = [[text(feature.attributes.get(name)) for name in layer.columns] for feature in page.features]
    if not layer.points:
        return rows
    pairs = [point(feature.geometry) for feature in page.features]
    x, y = [text(east) for east, _ in pairs], [text(north) for _, north in pairs]
    if reference := of_service(page.spatial_reference):
        x, y = reference.degrees(x, y)
    return [[*row, *place] for row, place in zip(rows, zip(x, y, strict=True), strict=True)]


def _page(layer: Layer, offset: int, last: int, *, by_offset: bool) -> dict[str, str]:
    """Return the parameters of the page that follows ``offset`` rows, the last of which has the object id ``last``."""
    parameters = {
        "outFields": ",".join(dict.fromkeys((*layer.columns, layer.object_id))) if layer.query.columns else "*",
        "orderByFields": f"{layer.object_id} ASC",
        "returnGeometry": str(layer.points).lower(),
    }
    parameters |= {"outSR": "4326"} if layer.points else {}
    if by_offset:
        return {**parameters, **layer.query.rows(), "resultOffset": str(offset), "resultRecordCount": str(layer.page)}
    return {**parameters, **layer.query.rows(f"{layer.object_id}>{last}")}


def _describe(client: Client, target: Url) -> Layer:
    """Return the layer's description; raise FeedError where it is no layer with rows and an object id."""
    path = (target.path or "").rstrip("/")
    url = target._replace(path=path[: -len("/query")] if path.lower().endswith("/query") else path, query=None)
    query = read_query(target.query or "")
    description = ask(client, url, "", query.others, Description)
    fields = description.fields or ()
    object_id = description.object_id_field or next(
        (field.name for field in fields if field.type == "esriFieldTypeOID"), ""
    )
    if not fields or not object_id:
        raise FeedError("unreadable", Said("{url} is not a layer or table with rows and an object id.", url=show(url)))
    capabilities, edits = description.advanced_query_capabilities, description.editing_info
    stamp = (edits.data_last_edit_date or edits.last_edit_date or "") if edits else ""
    return Layer(
        url,
        query,
        _columns(url, query, [field.name for field in fields if field.type != "esriFieldTypeGeometry"]),
        object_id,
        max(1, min(description.max_record_count or _PAGE, _PAGE)),
        capabilities is not None and capabilities.supports_pagination,
        query.points and description.geometry_type in ("esriGeometryPoint", "esriGeometryMultipoint"),
        "" if query.depends_on_now else stamp,
    )


def _columns(url: Url, query: Query, names: list[str]) -> tuple[str, ...]:
    """Return those of the layer's columns that the address asks for; raise FeedError for one that does not exist."""
    missing = [column for column in query.columns if column not in {name.lower() for name in names}]
    if missing:
        raise FeedError(
            "header",
            Said(
                "{url} has no column {missing}, which outFields in the address names.",
                url=show(url),
                missing=missing[0],
            ),
        )
    return tuple(name for name in names if not query.columns or name.lower() in query.columns)


def _count(client: Client, layer: Layer) -> int:
    """Return the layer's own count of the rows that the address asks for."""
    parameters = [*layer.query.others, *layer.query.rows().items(), ("returnCountOnly", "true")]
    return ask(client, layer.url, "/query", parameters, Count).count


def _object_id(feature: Feature, layer: Layer) -> int:
    try:
        return int(feature.attributes[layer.object_id])
    except (KeyError, TypeError, ValueError):
        raise FeedError("unreadable", Said("{url} gave a row without an object id.", url=show(layer.url))) from None


def _name(url: Url) -> str:
    """Return a name for the spool: the service, the layer's number, and the suffix by which the reader is chosen."""
    parts = (url.path or "").split("/")
    return "-".join([*parts[-3:-2], parts[-1]]) + SUFFIX
