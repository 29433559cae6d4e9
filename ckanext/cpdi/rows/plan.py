"""All that decides what becomes of a row, made ready once for a run: declarations, profile, key, the file's header."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Classes, Dataset, Feed, Profile, Requirement, Table
from ckanext.cpdi.declare.tables.table import POINT
from ckanext.cpdi.rows.ground.jurisdiction import Jurisdiction
from ckanext.cpdi.rows.values.codes import Book
from ckanext.cpdi.rows.values.headers import Mapping
from ckanext.cpdi.rows.values.levels import LevelTable
from ckanext.cpdi.rows.values.zone import Zone


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
        return tuple(
            requirement
            for requirement in self.table.requires
            if requirement.needs not in self.feed.optional
            and (requirement.needs == POINT or requirement.needs in self.mapping.columns)
        )

    @property
    def ignored(self) -> tuple[str, ...]:
        """The feed's headers that nothing reads."""
        return self.mapping.ignored
