"""Which keys of a profile and of a declaration are rules of masking, so that a change of them wants approval.

Every key stands in one of the two lists: whoever adds one says which it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec import Struct, structs

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.rows.version import UNDECISIVE, MaskingVersion, rules_version

ROOT = Path(__file__).parents[3]
CALLS, CITATIONS = "calls-for-service", "electronic-citations"

RULES = {
    "Profile": "time_zone surroundings_km categories places classes",
    "PlaceRules": "minimum_addresses block_size widest_metres",
    "PrivacyClass": "name levels",
    "Levels": "time place kind embargo_hours withheld release",
    "Limit": "time place kind embargo_hours release",
    "Text": "en",
    "Feed": "headers columns optional key collapse times coordinates codes values patterns flags nulls encoding"
    " delimiter options default_class header_line notes sheet records",
    "Made": "join separator part pattern latitude longitude longitude_first",
    "Collapse": "by columns",
    "RecordKey": "columns equal_rows",
    "Times": "reading formats days dates clocks short_clocks",
    "Coordinates": "reading epsg trusted",
    "Codes": "list separator cut_at",
    "Flag": "header values",
    "CodeList": "name codes",
    "Code": "value meaning category privacy code text event event_reason call_source standard",
    "Dataset": "name table",
    "Table": "key time fields inputs closed modified at_most requires shares demographics",
    "Field": "name type constraints headers source mask",
    "Input": "name type headers required",
    "Constraints": "required unique max_length minimum maximum enum pattern",
    "Requirement": "needs reason",
    "Demographic": "name column categories smallest",
}
IN_PART = {"datasets", "lists", "boundary", "teams", "areas"}
"""Keys of a profile of which a dataset's rules have what that dataset needs."""


@pytest.fixture(scope="module")
def library():
    return read_library(ROOT / "schemas")


@pytest.fixture(scope="module")
def profile(library):
    found = read_profile(ROOT / "profiles" / "charleston.yaml", library.classes)
    feed = found.datasets[CALLS]
    more = {"flags": (_flag(),), "values": {"priority": {"High": "1"}}, "ignored": ("Keyed By",)}
    return structs.replace(found, datasets={**found.datasets, CALLS: structs.replace(feed, **more)})


def _flag():
    from ckanext.cpdi.declare.departments.cells import Flag

    return Flag("Juvenile", {"Y": "withheld"})


def kinds(*values: Any) -> dict[str, type[Struct]]:
    """Every kind of struct in ``values``, by its name."""
    found: dict[str, type[Struct]] = {}
    for value in values:
        if isinstance(value, Struct):
            parts = [getattr(value, name) for name in value.__struct_fields__]
            found |= {type(value).__name__: type(value), **kinds(*parts)}
        elif isinstance(value, dict):
            found |= kinds(*value.values())
        elif isinstance(value, list | tuple):
            found |= kinds(*value)
    return found


def test_every_key_is_a_rule_or_said_to_be_none(library, profile):
    for name, kind in kinds(profile, *library.tables).items():
        told = set(UNDECISIVE.get(kind, ()))
        if name in RULES:
            assert set(kind.__struct_fields__) == {*RULES[name].split(), *told}, name
            assert told.isdisjoint(RULES[name].split())
    # What hangs on a key that decides nothing decides nothing itself.
    assert kinds(profile, *library.tables).keys() - RULES.keys() <= {
        "Agency",
        "CheckLimits",
        "Link",
        "Meeting",
        "Note",
        "Redirect",
        "SideTable",
    }


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every key of ``value``; of a list or a map the way through its first part."""
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield (*path, name)
            yield from places(getattr(value, name), (*path, name))
    elif isinstance(value, dict) and value:
        first = CALLS if CALLS in value else next(iter(value))
        yield from places(value[first], (*path, first))
    elif isinstance(value, tuple) and value:
        yield from places(value[0], (*path, 0))


def changed(value: Any, path: tuple[Any, ...]) -> Any:
    """``value`` with another one at the end of ``path``."""
    if not path:
        return other(value)
    step, *rest = path
    if isinstance(value, Struct):
        copied = copy(value)  # and not structs.replace, which would check whether the parts fit
        structs.force_setattr(copied, step, changed(getattr(value, step), tuple(rest)))
        return copied
    if isinstance(value, dict):
        return {**value, step: changed(value[step], tuple(rest))}
    return (changed(value[0], tuple(rest)), *value[1:])


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, dict):
        return dict(list(value.items())[:-1]) if value else {"other": ("other",)}
    if isinstance(value, tuple):
        return value[:-1] if value else ("other",)
    return "other"  # nothing, or a struct


def kind_at(value: Any, path: tuple[Any, ...]) -> type:
    for step in path[:-1]:
        value = getattr(value, step) if isinstance(value, Struct) else value[step]
    return type(value)


def decides(root: Any, path: tuple[Any, ...]) -> bool:
    """Whether the key at ``path`` is a rule: each key on the way to it is."""
    for end in range(1, len(path) + 1):
        kind, key = kind_at(root, path[:end]), path[end - 1]
        if isinstance(key, str) and issubclass(kind, Struct) and key not in IN_PART and key in UNDECISIVE.get(kind, ()):
            return False
    return True


def test_each_rule_that_changes_is_another_version_and_nothing_else_is(library, profile):
    calls = library.dataset(CALLS)
    before = rules_version(calls, profile)
    seen = {True: 0, False: 0}
    for path in places(profile):
        if path[0] in ("folder", "boundary", "teams", "areas") or path in (("datasets",), ("lists",)):
            continue
        now = rules_version(calls, changed(profile, path))
        # The first list of all is the one of the calls' problems.
        assert (now != before) is decides(profile, path), path
        seen[now != before] += 1
    for path in places(calls):
        if path[-1] == "table" or path[-1] == "codes":
            continue
        now = rules_version(changed(calls, path), profile)
        assert (now != before) is decides(calls, path), path
        seen[now != before] += 1
    assert min(seen.values()) > 20


@pytest.mark.parametrize("header", ["Keyed By", "Some Column"])
def test_a_header_that_nothing_would_read_may_be_ignored_without_a_word(header, library, profile):
    calls = library.dataset(CALLS)
    assert rules_version(calls, ignoring(profile, header)) == rules_version(calls, profile)


@pytest.mark.parametrize("header", ["Time_CallClosed", "LONGITUDE", "call disposition", "Beat"])
def test_a_header_that_would_be_read_is_put_away_by_a_rule(header, library, profile):
    calls = library.dataset(CALLS)
    assert rules_version(calls, ignoring(profile, header)) != rules_version(calls, profile)


def ignoring(profile, header):
    feed = profile.datasets[CALLS]
    return structs.replace(
        profile, datasets={**profile.datasets, CALLS: structs.replace(feed, ignored=(*feed.ignored, header))}
    )


def test_what_another_dataset_needs_is_no_rule_of_this_one(library, profile):
    calls, citations = library.dataset(CALLS), library.dataset(CITATIONS)
    feed = structs.replace(profile.datasets[CITATIONS], delimiter=";")
    lists = {**profile.lists, "violations": structs.replace(profile.lists["violations"], codes=())}
    told = structs.replace(profile, datasets={**profile.datasets, CITATIONS: feed}, lists=lists)
    assert rules_version(calls, told) == rules_version(calls, profile)
    assert rules_version(citations, told) != rules_version(citations, profile)


@pytest.mark.parametrize("name", ["boundary", "teams"])
def test_the_areas_count_by_what_is_in_them(name, library, profile, tmp_path):
    calls = library.dataset(CALLS)
    copies = {one: json.dumps(profile.geojson(getattr(profile, one))) for one in ("boundary", "teams")}
    for one, text in copies.items():
        (tmp_path / f"{one}.geojson").write_text(text)
    moved = structs.replace(profile, folder=str(tmp_path), boundary="boundary.geojson", teams="teams.geojson")
    assert rules_version(calls, moved) == rules_version(calls, profile)
    (tmp_path / f"{name}.geojson").write_text(copies[name].replace("-79.9", "-79.8", 1))
    assert rules_version(calls, moved) != rules_version(calls, profile)


@pytest.mark.parametrize("name", ["boundary", "teams"])
def test_a_population_is_no_rule(name, library, profile, tmp_path):
    dataset = library.dataset("calls-for-service")
    document = profile.geojson(getattr(profile, name))
    for feature in document.get("features", [document]):
        feature["properties"] = {**(feature.get("properties") or {}), "population": 7}
    (tmp_path / "drawn.geojson").write_text(json.dumps(document))
    counted = structs.replace(profile, **{name: str(tmp_path / "drawn.geojson")})
    assert rules_version(dataset, counted) == rules_version(dataset, profile)


def test_one_short_text_stands_for_rules_and_places(library, profile):
    calls = library.dataset(CALLS)
    rules = rules_version(calls, profile)
    assert str(MaskingVersion(rules, "a")) != str(MaskingVersion(rules, "b")) != str(MaskingVersion(rules))
    assert len(str(MaskingVersion(rules))) == 12
    assert MaskingVersion.of(calls, profile, None) == MaskingVersion(rules)


def test_places_count_only_where_a_field_comes_from_one(library, profile):
    from ckanext.cpdi.rows import Evidence, build_places
    from ckanext.cpdi.rows.places import POINTS

    houses = [(f"{number} Queen St", -79.93, 32.77 + number / 1e5, None, 1) for number in range(100, 140)]
    made = build_places(Evidence(pl.DataFrame(houses, schema=POINTS, orient="row")), profile, b"k" * 32)
    calls = library.dataset(CALLS)
    assert MaskingVersion.of(calls, profile, made).places
    fields = tuple(one for one in calls.rows.fields if not one.source.startswith("place."))
    bare = structs.replace(calls, table=structs.replace(calls.rows, fields=fields))
    assert not MaskingVersion.of(bare, profile, made).places
