"""A department's first profile, put together from what its files show.

In: the files, the declared datasets, the profiles that ship, and what somebody said of the department. Out:
:class:`Draft`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ckanext.cpdi.declare import Library, Profile, Text
from ckanext.cpdi.drafting.feed_draft import FeedDraft, feed_of
from ckanext.cpdi.drafting.feed_file import read_file
from ckanext.cpdi.drafting.layout import ground
from ckanext.cpdi.drafting.layout.ground import Ground
from ckanext.cpdi.drafting.layout.states import State, state_of
from ckanext.cpdi.drafting.phrases import phrase

_ZONE = "America/New_York"
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Department:
    """What somebody said of a department; each may be empty. ``boundary`` is a GeoJSON file."""

    agency: str = ""
    city: str = ""
    state: str = ""
    time_zone: str = ""
    boundary: Path | None = None
    name: str = ""

    @property
    def file_name(self) -> str:
        """The name of the profile's file."""
        return _SLUG.sub("-", (self.name or self.city or "department").lower()).strip("-") or "department"


@dataclass(frozen=True)
class Draft:
    """``zone`` is the time zone with what it rests on, None where somebody said it; ``categories`` are the groups of
    codes that the lists name.
    """

    department: Department
    state: State | None
    zone: str
    zone_basis: Text | None
    ground: Ground
    feeds: tuple[FeedDraft, ...]
    categories: dict[str, dict[str, str]]


def draft(
    paths: Sequence[Path],
    library: Library,
    precedents: Sequence[Profile],
    department: Department,
    dataset: str = "",
) -> Draft:
    """Return the draft of a profile for files of one department; ``dataset`` says what they are all of.

    Raises FeedError for a file that cannot be read, DraftError for one that is like no declared dataset,
    UnknownDataset for a dataset that is not declared.
    """
    state = state_of(department.state) if department.state else None
    zone, basis = _zone(department, state)
    place = ground.of_boundary(department.boundary, state) if department.boundary else ground.of_state(state)
    files = [read_file(path, library, dataset, precedents, place) for path in paths]
    feeds: list[FeedDraft] = []
    for name in dict.fromkeys(file.dataset.name for file in files):
        feed = feed_of([file for file in files if file.dataset.name == name], library, precedents, place, zone)
        feeds.append(feed)
        if place.is_state and feed.points is not None:
            place = ground.of_points(feed.points.longitude, feed.points.latitude) or place
    return Draft(department, state, zone, basis, place, tuple(feeds), _categories(feeds, precedents))


def _zone(department: Department, state: State | None) -> tuple[str, Text | None]:
    if department.time_zone:
        return department.time_zone, None
    if state and state.more_zones:
        return state.zone, phrase(
            "that of {state}, a part of which has another", "la de {state}, parte del cual tiene otra", state=state.name
        )
    if state:
        return state.zone, phrase("that of {state}", "la de {state}", state=state.name)
    return _ZONE, Text("a guess, since no state was named", "una suposición, pues no se nombró ningún estado")


def _categories(feeds: Iterable[FeedDraft], precedents: Sequence[Profile]) -> dict[str, dict[str, str]]:
    """Return the categories that the drafted lists name, with their titles."""
    titles = {name: title for profile in reversed(precedents) for name, title in profile.categories.items()}
    used = {line.proposal.category for feed in feeds for drafted in feed.lists.values() for line in drafted.lines}
    return {
        name: {"en": titles[name].en, "es": titles[name].es}
        if name in titles
        else {"en": name.capitalize().replace("_", " "), "es": name.capitalize().replace("_", " ")}
        for name in sorted(used)
    }
