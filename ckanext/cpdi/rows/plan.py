"""All that decides what becomes of a row, made ready once for a run: declarations, profile, key, the file's header."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Classes, Dataset, DeclarationError, Feed, Profile, Requirement, Table, tailored
from ckanext.cpdi.declare.table import POINT
from ckanext.cpdi.rows import derive
from ckanext.cpdi.rows.codes import SCHEMA, Book
from ckanext.cpdi.rows.errors import HeaderError
from ckanext.cpdi.rows.headers import Mapping, map_headers
from ckanext.cpdi.rows.jurisdiction import Jurisdiction
from ckanext.cpdi.rows.levels import LevelTable
from ckanext.cpdi.rows.zone import Zone, zone_of


@dataclass(frozen=True)
class Plan:
    """``dataset`` is tailored to the department's profile; ``books`` are the code lists by input; ``groups`` the groups
    of derived columns that the table's fields need.
    """

    dataset: Dataset
    profile: Profile
    secret: bytes
    mapping: Mapping
    classes: Classes
    levels: LevelTable
    books: dict[str, Book]
    groups: tuple[str, ...]
    jurisdiction: Jurisdiction
    zone: Zone

    @classmethod
    def of(cls, dataset: Dataset, profile: Profile, secret: bytes, headers: tuple[str, ...]) -> Plan:
        """Return the plan for a feed with these headers.

        Raises HeaderError in staff's words where a column is missing or doubled, DeclarationError where a field is made
        of what nothing makes.
        """
        feed = profile.feed(dataset.name)
        dataset = tailored(dataset, feed)
        table = dataset.rows
        classes = Classes(profile.classes)
        coded = [column.name for column in table.read if column.type in ("code", "codes")]
        mapping = map_headers(table, feed, headers)
        for name in coded:
            if name in mapping.columns and name not in feed.codes:
                raise HeaderError(
                    f"The feed has the column {mapping.columns[name][0]}, but the department's profile names no code "
                    "list for it, so that nobody has judged which of its values may be shown."
                )
        return cls(
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

    @property
    def table(self) -> Table:
        """The declared table."""
        return self.dataset.rows

    @property
    def feed(self) -> Feed:
        """How the feed is written."""
        return self.profile.feed(self.dataset.name)

    @property
    def requires(self) -> tuple[Requirement, ...]:
        """What is required of the rows, as far as a feed with these columns can tell."""
        return tuple(one for one in self.table.requires if one.needs == POINT or one.needs in self.mapping.columns)

    @property
    def ignored(self) -> tuple[str, ...]:
        """The feed's headers that nothing reads."""
        return self.mapping.ignored


def _groups(table: Table, coded: list[str]) -> tuple[str, ...]:
    """Return the groups of derived columns that the fields need, in the order in which they are made."""
    needed: set[str] = set()
    for field in table.fields:
        group, _, name = field.source.partition(".")
        known = SCHEMA if group in coded else derive.COLUMNS.get(group, ())
        if field.source and name not in known:
            known_groups = ", ".join(derive.COLUMNS)
            raise DeclarationError(f"field {field.name}", f"nothing makes {field.source!r}; there are {known_groups}")
        needed.add(group)
        if field.mask == "person":
            needed.add("age")
    return tuple(name for name in derive.GROUPS if name in needed)
