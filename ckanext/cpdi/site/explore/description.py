"""What the explorer has to know of a table: made of its declaration and the department's words; read by the browser.

In: a declaration as the department has it. Out: a value that becomes JSON; addresses are paths on the host.
``frontend/src/description.ts`` has the same fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from ckanext.cpdi.declare import Dataset, Profile, Table
from ckanext.cpdi.publish.address import address_of
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.services.dcat.protocols import FEATURES, GEOSERVICES
from ckanext.cpdi.site.explore.counted import Counted, counted
from ckanext.cpdi.site.explore.words import words
from ckanext.cpdi.site.map.description import Column, columns, listed

Path = Callable[[str], str]
_PRECISION, _TEAM, _BLOCK = "time.precision", "place.team", "place.label"
_NOT_CLOSE = (_TEAM, "place.precision")
_FEED = "/data/{table}.atom"


class Format(Struct, frozen=True):
    """A format of files, and the address of the whole table in it."""

    extension: str
    title: str
    address: str


class Services(Struct, frozen=True):
    """Where rows are asked for, without a question; empty for what this portal does not have."""

    geoservices: str
    items: str
    feed: str
    places: str


class Description(Struct, frozen=True):
    """What the explorer shows of one table; ``precision``, ``category``, ``team``, ``block`` are empty without one.

    ``close`` are the fields that say a place more closely than a team does; ``placed`` says whether rows have points.
    """

    dataset: str
    title: str
    language: str
    zone: str
    one: str
    many: str
    counts: str
    compare: str
    page: str
    time: str
    precision: str
    category: str
    columns: tuple[Column, ...]
    placed: bool
    close: tuple[str, ...]
    team: str
    block: str
    services: Services
    position: str
    listed: tuple[str, ...]
    meanings: dict[str, str]
    formats: tuple[Format, ...]
    counted: tuple[Counted, ...]
    words: dict[str, str]


def describe(
    dataset: Dataset,
    profile: Profile,
    extensions: Iterable[str],
    language: str,
    path: Path,
    page: str,
) -> Description:
    """Return what the explorer of ``dataset``, a table as this department has it, shows in ``language``.

    ``extensions`` are the formats of files, ``path`` makes a path on the host of one from the portal's root, ``page``
    is the explorer's own path on the host.
    """
    table = dataset.rows
    return Description(
        dataset=dataset.name,
        title=dataset.title.get(language),
        language=language.replace("_", "-"),
        zone=str(profile.zone),
        one=dataset.one.get(language),
        many=dataset.many.get(language),
        counts=path(f"/data/{dataset.name}/counts"),
        compare=path(f"/data/{dataset.name}/compare"),
        page=page,
        time=table.time_field.name,
        precision=_sourced(table, _PRECISION),
        category=table.category,
        columns=columns(table, profile, language),
        placed=table.point is not None,
        close=tuple(
            field.name for field in table.fields if field.source.startswith("place.") and field.source not in _NOT_CLOSE
        ),
        team=_sourced(table, _TEAM),
        block=_sourced(table, _BLOCK),
        services=Services(
            geoservices=path(GEOSERVICES.access.format(table=dataset.name)) + "/query",
            items=path(FEATURES.access.format(table=dataset.name)),
            feed=path(_FEED.format(table=dataset.name)),
            places=path("/data/places/search") if table.place else "",
        ),
        position=path(f"/data/{dataset.name}/position"),
        listed=listed(table),
        meanings={field.name: field.description.get(language) for field in table.fields},
        formats=tuple(
            Format(extension, formats()[extension].title_of(table).get(language), path(_whole(dataset, extension)))
            for extension in extensions
        ),
        counted=tuple(counted(table, profile, language)),
        words=words(language),
    )


def _sourced(table: Table, source: str) -> str:
    """Return the name of the field that is made of ``source``; empty where there is none."""
    return next((field.name for field in table.fields if field.source == source), "")


def _whole(dataset: Dataset, extension: str) -> str:
    """Return the address of all rows, which is what the counts are of."""
    return address_of(dataset, None, extension).path
