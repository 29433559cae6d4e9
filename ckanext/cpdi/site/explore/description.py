"""What the explorer has to know of a table: made of its declaration and the department's words; read by the browser.

In: a declaration as the department has it. Out: a value that becomes JSON; addresses are paths on the host.
``frontend/src/description.ts`` has the same fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.publish.address import address_of
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.site.explore.counted import Counted, counted
from ckanext.cpdi.site.explore.words import words
from ckanext.cpdi.site.map.description import Column, columns

Path = Callable[[str], str]
_PRECISION = "time.precision"


class Format(Struct, frozen=True):
    """A format of files, and the address of the whole table in it."""

    extension: str
    title: str
    address: str


class Description(Struct, frozen=True):
    """What the explorer shows of one table; ``precision`` and ``category`` are empty where the table has none."""

    dataset: str
    title: str
    language: str
    zone: str
    one: str
    many: str
    counts: str
    page: str
    time: str
    precision: str
    category: str
    columns: tuple[Column, ...]
    formats: tuple[Format, ...]
    counted: tuple[Counted, ...]
    words: dict[str, str]


def describe(
    dataset: Dataset, profile: Profile, extensions: Iterable[str], language: str, path: Path, page: str
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
        page=page,
        time=table.time_field.name,
        precision=next((field.name for field in table.fields if field.source == _PRECISION), ""),
        category=table.category,
        columns=columns(table, profile, language),
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
