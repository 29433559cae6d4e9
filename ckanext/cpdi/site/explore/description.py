"""What the explorer has to know of a table: made of its declaration and the department's words; read by the browser.

In: a declaration as the department has it. Out: a value that becomes JSON; addresses are paths on the host.
``frontend/src/description.ts`` has the same fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import asdict

from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.publish.address import address_of
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.query.notation.periods import PERIODS, shown
from ckanext.cpdi.services.dcat.protocols import FEATURES, GEOSERVICES
from ckanext.cpdi.site.explore.counted import Counted, counted
from ckanext.cpdi.site.explore.words import words
from ckanext.cpdi.site.map.table import TableDescription, sourced, table_description

Path = Callable[[str], str]
_TEAM, _BLOCK = "place.team", "place.label"
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


class Description(TableDescription, frozen=True):
    """What the explorer shows of one table; ``team`` and ``block`` are fields, empty without one.

    ``close`` are the fields that say a place more closely than a team does; ``placed`` says whether rows have points,
    ``finest`` how much they show of their time at most, ``periods`` are the usual ones that this is enough for.
    """

    zone: str
    finest: str
    periods: tuple[str, ...]
    counts: str
    compare: str
    page: str
    placed: bool
    close: tuple[str, ...]
    team: str
    block: str
    services: Services
    position: str
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
    team = sourced(table, _TEAM)
    return Description(
        **asdict(table_description(dataset, profile, language)),
        zone=str(profile.zone),
        finest=table.finest,
        periods=tuple(name for name, period in PERIODS.items() if shown(period.unit, table.finest)),
        counts=path(f"/data/{dataset.name}/counts"),
        compare=path(f"/data/{dataset.name}/compare"),
        page=page,
        placed=table.point is not None,
        close=tuple(
            field.name for field in table.fields if field.source.startswith("place.") and field.source not in _NOT_CLOSE
        ),
        team=team,
        block=sourced(table, _BLOCK),
        services=Services(
            geoservices=path(GEOSERVICES.access.format(table=dataset.name)) + "/query",
            items=path(FEATURES.access.format(table=dataset.name)),
            feed=path(_FEED.format(table=dataset.name)) if team or (table.place and profile.areas) else "",
            places=path("/data/places/search") if table.place else "",
        ),
        position=path(f"/data/{dataset.name}/position"),
        meanings={field.name: field.description.get(language) for field in table.fields},
        formats=tuple(
            Format(extension, formats()[extension].title_of(table).get(language), path(_whole(dataset, extension)))
            for extension in extensions
        ),
        counted=tuple(counted(table, profile, language)),
        words=words(language),
    )


def _whole(dataset: Dataset, extension: str) -> str:
    """Return the address of all rows, which is what the counts are of."""
    return address_of(dataset, None, extension).path
