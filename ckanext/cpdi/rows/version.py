"""The version of the rules by which rows are masked: the same for the same published form of the same feed.

In: what is declared, and the places. Out: one short text, which stands in approvals, in the ledger and beside the
table. A key that decides nothing of a row is named in :data:`UNDECISIVE`; every other one is a rule, a new one too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from msgspec import Struct

from ckanext.cpdi.declare import Code, Dataset, Feed, Profile, Requirement, Table, spelling
from ckanext.cpdi.declare.departments.codelist import CodeList
from ckanext.cpdi.declare.departments.profile import PlaceRules
from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.demographics import Demographic
from ckanext.cpdi.declare.tables.field import Field
from ckanext.cpdi.declare.tables.privacy import PrivacyClass
from ckanext.cpdi.rows import derive
from ckanext.cpdi.rows.places import Places

RULES = "7"
"""Raise it when the code makes another published row of the same feed row: every row is then compared anew."""

UNDECISIVE: Mapping[type[Struct], frozenset[str]] = {
    # `datasets`, `lists`, `boundary`, `teams` and `areas` count as far as the dataset needs them: see _needed.
    Profile: frozenset(
        {
            *"name version agency code_lists categories_file reports report_rules figures redirects folder".split(),
            *"datasets lists boundary teams areas area_titles".split(),
        }
    ),
    Feed: frozenset("final_newline sync window_days ignored guard breaks gaps changes titles caveats".split()),
    PlaceRules: frozenset({"network"}),  # the places file says it
    Code: frozenset({"count", "proposed", "basis"}),
    PrivacyClass: frozenset({"title"}),
    Text: frozenset({"es"}),  # rows speak English
    Dataset: frozenset(
        {
            *"type order title summary description schema_version one many keywords".split(),
            *"caveats links metadata default_view tables reports figures weekly_from rows_from".split(),
        }
    ),
    Table: frozenset("category kind meets".split()),
    Demographic: frozenset({"title"}),
    Field: frozenset("title description shapefile values same_as filter search index counts".split()),
    Requirement: frozenset({"title"}),
}
"""Keys that say something of the data, or when a run is held, and decide nothing of how a row is masked."""
LATER: Mapping[type[Struct], frozenset[str]] = {Table: frozenset({"demographics"})}
"""Rules that came later. They count where something stands there, so tables without them keep their versions."""


@dataclass(frozen=True)
class MaskingVersion:
    """What masks the rows of a dataset: a hash of the declared ``rules``, and the version of the ``places``.

    ``places`` is empty where there are none yet, and where no field of the table comes from a place.
    """

    rules: str
    places: str = ""

    @classmethod
    def of(cls, dataset: Dataset, profile: Profile, places: Places | None) -> MaskingVersion:
        """Return the version of the rules of ``dataset`` by ``profile``.

        Raises DeclarationError where the profile names a boundary or teams that cannot be read.
        """
        used = places.version if places is not None and not places.is_empty and has_places(dataset) else ""
        return cls(rules_version(dataset, profile), used)

    def __str__(self) -> str:
        """Return twelve hexadecimal digits over both."""
        return hashlib.sha256(f"{self.rules}\0{self.places}".encode()).hexdigest()[:12]


def has_places(dataset: Dataset) -> bool:
    """Return whether a field of the table comes from the places file."""
    return any(field.source.partition(".")[0] == "place" for field in dataset.rows.fields)


def rules_version(dataset: Dataset, profile: Profile) -> str:
    """Return a hash over everything but the feed, the places and the key that decides how a row is masked.

    Raises DeclarationError where the profile names a boundary or teams that cannot be read.
    """
    parts = [RULES, _decisive(dataset), _decisive(profile), _needed(dataset, profile)]
    if added := derive.versions({field.source.partition(".")[0] for field in dataset.rows.fields}):
        parts.append(added)
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()[:16]


def _needed(dataset: Dataset, profile: Profile) -> dict[str, Any]:
    """Return what ``dataset`` needs of the profile's parts: its own feed, the lists that this names, the areas.

    Of the headers that are put away those count that would be read otherwise.
    """
    feed = profile.feed(dataset.name)
    read = {name for column in dataset.rows.read for name in (column.name, *column.headers)}
    read |= {name for names in feed.headers.values() for name in names}
    spellings = {spelling(name) for name in read}
    layers = profile.areas.values()
    return {
        "feed": _decisive(feed),
        "put_away": sorted({spelling(header) for header in feed.ignored} & spellings),
        "lists": {codes.list: _codes(profile.lists.get(codes.list)) for codes in feed.codes.values()},
        "areas": [_ground(profile.geojson(name)) for name in (profile.boundary, profile.teams, *layers) if name],
    }


def _ground(document: Any) -> Any:  # noqa: ANN401
    """Return what is drawn without what is told of it for rates alone, so that no new census asks for an approval."""
    if isinstance(document, Mapping):
        decisive = [member for member in cast("Mapping[str, object]", document).items() if member[0] != "population"]
        return {name: member if name == "coordinates" else _ground(member) for name, member in decisive}
    return [_ground(member) for member in cast("list[object]", document)] if isinstance(document, list) else document


_CODES: dict[int, tuple[CodeList, Any]] = {}
"""What lists decide, by the list itself, which is kept so that no other one gets its number. A department's list of
calls has some hundred codes, and a night asks three times.
"""


def _codes(codes: CodeList | None) -> Any:  # noqa: ANN401  what JSON can hold
    """Return what ``codes`` decides, worked out once as long as the declarations stand."""
    if codes is None:
        return None
    if id(codes) not in _CODES:
        _CODES[id(codes)] = codes, _decisive(codes)
    return _CODES[id(codes)][1]


def _decisive(value: Any) -> Any:  # noqa: ANN401  whatever a declaration holds
    """Return ``value`` without the keys of UNDECISIVE, as what JSON can hold."""
    if isinstance(value, Struct):
        later = {name for name in LATER.get(type(value), ()) if not getattr(value, name)}
        left_out = UNDECISIVE.get(type(value), frozenset()) | later
        return {name: _decisive(getattr(value, name)) for name in value.__struct_fields__ if name not in left_out}
    if isinstance(value, Mapping):
        return {str(name): _decisive(member) for name, member in cast("Mapping[object, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_decisive(member) for member in cast("Sequence[object]", value)]
    return value
