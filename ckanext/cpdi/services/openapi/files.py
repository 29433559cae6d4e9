"""Files: whole, of a year, of the rows that a link chooses; what describes them; archives, places and areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish import demographics, place_files, snapshot_store
from ckanext.cpdi.publish.address import COMPLETENESS
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.frozen_years import frozen
from ckanext.cpdi.query.grammars.page import LIMIT
from ckanext.cpdi.services.ogc import describe
from ckanext.cpdi.services.ogc.tables import Collection
from ckanext.cpdi.services.openapi import explorer
from ckanext.cpdi.services.openapi.explorer import refusals
from ckanext.cpdi.services.openapi.part import (
    CSV,
    JSON,
    TEXT,
    TEXTUAL,
    Node,
    Operation,
    Part,
    answer,
    asked,
    in_path,
    reference,
)

TAG = "Files"
GEOJSON = "application/geo+json"
ATOM = "application/atom+xml"
_TEXTS = (CSV, "application/vnd.google-earth.kml+xml")
_JSONS = (JSON, GEOJSON)
_KEPT = answer("the client has this version", {})
_WORDS: Node = {"type": "string", "pattern": r"^[^\x00]*[^\s\x00][^\x00]*$", "maxLength": 200}
_YEAR: Node = {"type": "integer", "minimum": 1900, "maximum": 2100}


def part(tables: Sequence[Collection]) -> Part:
    """Return the operations on the files of all tables, and on those of none."""
    paths: dict[str, Any] = {"/data/": _index(), "/data/areas.geojson": _plain("areas", "Boundary and areas", GEOJSON)}
    if place_files.find(config.files_path()):
        for extension, kind in place_files.EXTENSIONS.items():
            summary = "The places that rows are generalised to"
            paths[f"/data/places.{extension}"] = _plain(f"places.{extension}", summary, kind)
        paths["/data/places/search"] = _address()
    for table in tables:
        paths |= _of_table(table.dataset)
        paths |= explorer.paths(table.dataset)
    limit = asked(LIMIT, "rows at most", {"type": "integer", "minimum": 0, "maximum": 999_999_999})
    refusal = answer("what is wrong, and addresses to go on with", {TEXT: TEXTUAL, JSON: reference("schemas", "Error")})
    return Part(
        TAG,
        "Each table as files, whole, by year, or of the rows that the link chooses.",
        paths,
        {"parameters": {"file-limit": limit}, "responses": {"Refusal": refusal}},
    )


def _address() -> Node:
    """Return the path that finds the place of an address."""
    text = asked("q", "an address, a street, a crossing or a park", {**_WORDS, "example": "120 King St"}, required=True)
    answers = {"200": answer("places, the likeliest first, and the contact", {JSON: {"type": "object"}})}
    return {
        "get": Operation("places.search", TAG, "The place of an address", answers | refusals(400, 404), (text,)).node()
    }


def schema_of(media_type: str) -> Node:
    """Return the schema of a file's content: binary ones have none."""
    plain = media_type.partition(";")[0]
    return TEXTUAL if plain in _TEXTS else {"type": "object"} if plain in _JSONS else {}


def _of_table(dataset: Dataset) -> dict[str, Any]:
    """Return the paths of a table's files."""
    name, title = dataset.name, dataset.title.en
    extensions = config.formats(dataset.table)
    kinds = {kind: schema_of(kind) for kind in (formats()[extension].media_type for extension in extensions)}
    extension = in_path("extension", "the format", {"type": "string", "enum": list(extensions)})
    years = snapshot_store.years(config.files_path(), name)
    year = in_path("year", "the year", {"type": "integer", "enum": years} if years else _YEAR)
    parts = {"": ("", ()), ".year": ("/{year}", (year,))}
    if dataset.default_view != "all":
        parts[".all"] = ("/all", ())
    chosen = _choices(dataset)
    paths: dict[str, Any] = {
        f"/data/{name}/datapackage.json": _plain(f"package.{name}", f"{title}: what all files are", JSON),
        f"/data/{name}/archive/{{archive}}": _archive(dataset),
    }
    for key, (stem, of_path) in parts.items():
        path = f"/data/{name}{stem}.{{extension}}"
        named = (*of_path, extension)
        paths[path] = _file(f"{name}{key}", title, kinds, (*named, *chosen))
        paths[f"{path}.datapackage.json"] = _described(f"{name}{key}", title, named)
    if dataset.rows.demographics:
        paths[f"/data/{name}/demographics/{{table}}.{{extension}}"] = _people(dataset)
    paths[f"/data/{name}.atom"] = _feed(dataset)
    if snapshot_store.find_about(config.files_path(), name, COMPLETENESS):
        summary = f"{title}: how complete the fields are, month by month"
        paths[f"/data/{name}/{COMPLETENESS}.csv"] = _plain(f"completeness.{name}", summary, CSV)
    return paths


def _feed(dataset: Dataset) -> Node:
    """Return the path of the feed of new rows; what it takes of a filter stands in words."""
    description = (
        "With a team, or a declared area of at least a team's size, among the parameters, and no finer condition on"
        " places; anything else is refused, so that nobody can watch one house."
    )
    answers = {"200": answer("the newest rows", {ATOM: TEXTUAL}), "304": _KEPT} | refusals(400, 404, 503)
    chosen, named = explorer.filters(dataset), f"files.feed.{dataset.name}"
    return {
        "get": Operation(named, TAG, f"{dataset.title.en}: new rows as a feed", answers, chosen, description).node()
    }


def _choices(dataset: Dataset) -> tuple[Node, ...]:
    """Return what chooses rows of ``dataset``, as in OGC API, and how many, in which order."""
    limit, order = reference("parameters", "file-limit"), describe.sorting("sort", dataset.rows)
    return (*explorer.filters(dataset), limit, order)


def _file(name: str, title: str, kinds: dict[str, Node], parameters: tuple[Node, ...]) -> Node:
    """Return the path of a file in all formats."""
    answers = {"200": answer("the file, or one of the chosen rows", kinds), "304": _KEPT}
    described = Operation(
        f"files.{name}",
        TAG,
        f"{title}: a file",
        answers | refusals(400, 404, 416, 503),
        parameters,
        "Without a question mark the file lies ready, and parts of it can be asked for (Range, 206). With one, it is"
        " made of the rows that the parameters choose; those that choose nothing are left unheeded.",
    )
    return {"get": described.node()}


def _described(name: str, title: str, parameters: tuple[Node, ...]) -> Node:
    """Return the path of what describes a file; the plain one leads to that of the year."""
    answers = {
        "200": answer("the Data Package of the file", {JSON: {"type": "object"}}),
        "304": _KEPT,
        "307": answer("where it lies", {}),
    }
    summary = f"{title}: what a file is"
    return {
        "get": Operation(
            f"files.described.{name}", TAG, summary, answers | refusals(400, 404, 416, 503), parameters
        ).node()
    }


def _plain(name: str, summary: str, kind: str) -> Node:
    answers = {"200": answer("the file", {kind: schema_of(kind)}), "304": _KEPT} | refusals(400, 404, 416, 503)
    return {"get": Operation(f"files.{name}", TAG, summary, answers).node()}


def _archive(dataset: Dataset) -> Node:
    """Return the path of frozen years: those that there are, with their checksums."""
    archives = frozen.archives(config.files_path(), dataset.name)
    names = [archive.path.rpartition("/")[2] for archive in archives]
    listed = [f"{name}{end}" for name in names for end in ("", ".sha256")]
    form: Node = {"type": "string", "pattern": r"^[12][0-9]{3}(\.[0-9]{8}-[0-9]{1,18})?\.zip(\.sha256)?$"}
    archive = in_path("archive", "an archive, or its checksum", {"type": "string", "enum": listed} if listed else form)
    answers = {
        "200": answer("the archive, or its checksum", {frozen.MEDIA_TYPE: {}, TEXT: TEXTUAL}),
        "304": _KEPT,
    } | refusals(400, 404, 416, 503)
    summary = f"{dataset.title.en}: a closed year, frozen to be cited"
    return {"get": Operation(f"files.archive.{dataset.name}", TAG, summary, answers, (archive,)).node()}


def _people(dataset: Dataset) -> Node:
    """Return the path of the fixed tables of people."""
    names = [people.name for people in dataset.rows.demographics]
    kinds = {kind: schema_of(kind) for kind in demographics.EXTENSIONS.values()}
    chosen = (
        in_path("table", "what the people are counted by", {"type": "string", "enum": names}),
        in_path("extension", "the format", {"type": "string", "enum": list(demographics.EXTENSIONS)}),
    )
    answers = {"200": answer("the counts of closed years", kinds), "304": _KEPT} | refusals(404, 503)
    summary = f"{dataset.title.en}: people by one characteristic and year"
    return {"get": Operation(f"files.people.{dataset.name}", TAG, summary, answers, chosen).node()}


def _index() -> Node:
    return {"get": Operation("files.index", TAG, "Addresses of all tables", refusals(404)).node()}
