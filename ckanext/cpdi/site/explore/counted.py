"""What the rows of a table are counted by, as its charts have to know: fields, layers of areas, how many values each.

In: a table, a profile. Out: names, titles, and people who live in areas, where the profile's files say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ckanext.cpdi.declare import Area, Field, Profile, Table, read_areas
from ckanext.cpdi.declare.departments.profile import BOUNDARY, TEAM
from ckanext.cpdi.query.areas import column_of

_MOST = 30
"""Values that are counted apart, at most."""
_TEAM = "place.team"


class Counted(Struct, frozen=True):
    """A field or a layer of areas; ``values`` is about how many it has, ``population`` people by area."""

    name: str
    title: str
    values: int
    population: dict[str, int]


def counted(table: Table, profile: Profile, language: str) -> Iterator[Counted]:
    """Yield what rows of ``table`` are counted by: category, teams and areas before the others,
    and last what says how a row is to be read.

    Raises DeclarationError where a file of areas cannot be read.
    """
    areas = [area for area in read_areas(profile) if area.layer != BOUNDARY]
    fields = [field for field in table.fields if field.counts]
    first = [field for field in fields if field.name == table.category]
    teams = [field for field in fields if field.source == _TEAM]
    yield from (_field(field, profile, table, [], language) for field in first)
    yield from (_field(field, profile, table, areas, language) for field in teams)
    if table.place:
        yield from (_layer(layer, profile.area_title(layer).get(language), areas) for layer in profile.areas)
    others = [field for field in fields if field not in (*first, *teams)]
    yield from (_field(field, profile, table, [], language) for field in sorted(others, key=_tells_of_the_row_itself))


def _tells_of_the_row_itself(field: Field) -> bool:
    """Return whether a field says how a row is to be read, and nothing of what happened: such come last."""
    return field.source.endswith(".precision") or field.type == "boolean"


def _field(field: Field, profile: Profile, table: Table, areas: list[Area], language: str) -> Counted:
    teams = [area for area in areas if area.layer == TEAM]
    known = len(profile.categories) if field.name == table.category else len(field.constraints.enum or teams)
    values = 2 if field.type == "boolean" else known or _MOST
    return Counted(field.name, field.title.get(language), min(values, _MOST), _people(teams))


def _layer(layer: str, title: str, areas: list[Area]) -> Counted:
    drawn = [area for area in areas if area.layer == layer]
    return Counted(column_of(layer), title, min(len(drawn), _MOST), _people(drawn))


def _people(areas: list[Area]) -> dict[str, int]:
    """Return the people of each area; an area of several parts has all of theirs, or none where one is not said."""
    parts: dict[str, list[int | None]] = {}
    for area in areas:
        parts.setdefault(area.name, []).append(area.population)
    said = {name: [people for people in numbers if people is not None] for name, numbers in parts.items()}
    return {name: sum(people) for name, people in said.items() if len(people) == len(parts[name])}
