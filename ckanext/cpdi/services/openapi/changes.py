"""What changed in a table since a version or a day, and which rows left."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.cpdi.publish.format import StreamFormat
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.services.ogc.tables import Collection
from ckanext.cpdi.services.openapi.explorer import refusals
from ckanext.cpdi.services.openapi.files import schema_of
from ckanext.cpdi.services.openapi.part import CSV, TEXTUAL, Node, Operation, Part, answer, asked, in_path, reference

TAG = "Changes"
SINCE = "since"


def part(tables: Sequence[Collection]) -> Part:
    """Return the operations on all tables."""
    paths: dict[str, Node] = {}
    for table in tables:
        paths |= _of_table(table)
    since = asked(
        SINCE,
        "a version such as 20261124-7481516, or a day; all rows without it",
        {"type": "string", "format": "since", "pattern": r"^(\d{8}-\d{1,18}|\d{4}-\d{2}-\d{2})?$"},
    )
    return Part(
        TAG,
        "Rows that are new or changed, and ids of those that left, to keep a copy up to date.",
        paths,
        {"parameters": {SINCE: since}},
    )


def _of_table(table: Collection) -> dict[str, Node]:
    dataset = table.dataset
    streamed = {
        name: kind.media_type
        for name, kind in formats().items()
        if isinstance(kind, StreamFormat) and (dataset.rows.point or not kind.spatial)
    }
    extension = in_path("extension", "the format", {"type": "string", "enum": list(streamed)})
    kinds = {kind: schema_of(kind) for kind in streamed.values()}
    since, root, title = reference("parameters", SINCE), f"/data/{dataset.name}", dataset.title.en
    errors = refusals(400, 404, 410, 503)
    kept = {"304": answer("the client has this version", {})}
    changed = Operation(
        f"changes.{dataset.name}",
        TAG,
        f"{title}: rows that are new or changed",
        {"200": answer("the rows as they stand now", kinds), **kept, **errors},
        (extension, since),
    )
    removed = Operation(
        f"removed.{dataset.name}",
        TAG,
        f"{title}: ids of rows that left",
        {"200": answer("the ids, of weeks that are over", {CSV: TEXTUAL}), **kept, **errors},
        (since,),
    )
    return {f"{root}/changes.{{extension}}": {"get": changed.node()}, f"{root}/removed.csv": {"get": removed.node()}}
