"""Makes the plan of a run: what the declarations, the profile and the feed's header decide about its rows."""

from __future__ import annotations

from ckanext.cpdi.declare import Classes, Dataset, DeclarationError, Profile, Table, tailored
from ckanext.cpdi.errors import Said
from ckanext.cpdi.rows import derive
from ckanext.cpdi.rows.errors import HeaderError
from ckanext.cpdi.rows.ground.jurisdiction import Jurisdiction
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.codes import SCHEMA, Book
from ckanext.cpdi.rows.values.headers import map_headers
from ckanext.cpdi.rows.values.levels import LevelTable
from ckanext.cpdi.rows.values.zone import zone_of


def make_plan(dataset: Dataset, profile: Profile, secret: bytes, headers: tuple[str, ...]) -> Plan:
    """Return the plan for a feed with these headers.

    Raises HeaderError in staff's words where a column is missing or doubled, DeclarationError where a field is made
    of what nothing makes.
    """
    feed = profile.feed(dataset.name)
    dataset = tailored(dataset, feed)
    table = dataset.rows
    classes = Classes(profile.classes, table.at_most)
    coded = [column.name for column in table.read if column.type in ("code", "codes")]
    mapping = map_headers(table, feed, headers)
    for name in coded:
        if name in mapping.columns and name not in feed.codes:
            raise HeaderError(
                Said(
                    "The feed has the column {columns}, but the department's profile names no code list "
                    "for it, so that nobody has judged which of its values may be shown.",
                    columns=mapping.columns[name][0],
                )
            )
    return Plan(
        dataset=dataset,
        profile=profile,
        secret=secret,
        mapping=mapping,
        classes=classes,
        levels=LevelTable(classes),
        books={name: Book(profile, classes, feed.codes[name]) for name in coded if name in feed.codes},
        groups=_groups(table, coded),
        jurisdiction=Jurisdiction(profile),
        zone=zone_of(profile.time_zone),
    )


def _groups(table: Table, coded: list[str]) -> tuple[str, ...]:
    """Return the groups of derived columns that the fields need, in the order in which they are made."""
    needed: set[str] = set()
    columns = derive.columns()
    for field in table.fields:
        group, _, name = field.source.partition(".")
        columns_of_group = SCHEMA if group in coded else columns.get(group, ())
        if field.source and name not in columns_of_group:
            made = sorted(f"{group}.{column}" for group, names in columns.items() for column in names)
            raise DeclarationError(
                f"field {field.name}",
                f"nothing makes {field.source!r}; there are {', '.join(made)}, and what codes mean",
            )
        if field.mask == "public" and group in derive.groups() and not derive.groups()[group].tells_no_time:
            raise DeclarationError(
                f"field {field.name}",
                f"{field.source!r} may tell when a row was, so its cpdi:mask is exact or a stricter one and not public",
            )
        needed.add(group)
        if field.mask == "person":
            needed.add("age")
    return tuple(name for name in derive.groups() if name in needed)
