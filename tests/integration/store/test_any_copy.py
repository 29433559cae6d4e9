"""Whatever feeds came: what is told since any version makes of a copy of it the table of today."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_rows import TABLE, ZONE, row

from ckanext.cpdi.declare import Classes, Dataset, Levels, PrivacyClass, Profile, Text
from ckanext.cpdi.declare.departments.profile import Agency
from ckanext.cpdi.publish.rows.changes import Changes
from ckanext.cpdi.publish.rows.source import open_source

CLASSES = Classes(tuple(PrivacyClass(one, Text(one), Levels(one, "unit", "fed", 0)) for one in ("minute", "month")))
CITY = Profile("city", "1", Agency(Text("P"), "P", "City", "SC"), ZONE, "boundary.geojson")
FEEDS = st.lists(
    st.dictionaries(st.sampled_from("abcdefg"), st.tuples(st.sampled_from(("x", "y")), st.integers(1, 3)), max_size=7),
    min_size=2,
    max_size=5,
)


def changes(place, dsn, since: str = "", limit: int = 2) -> tuple[str, dict[int, Any], list[int]]:
    """All pages since a version: the version, rows by id, removed ids."""
    dataset = Dataset(place.dataset, "incident-table", 1, Text(""), Text(""), Text(""), table=TABLE)
    rows: dict[int, Any] = {}
    removed: list[int] = []
    with open_source(dsn) as source:
        found = Changes.of(source, dataset, since, lambda _: CITY)
        assert found is not None
        after: int | None = 0
        while after is not None:
            page = found.page(after, limit)
            rows |= {one["_id"]: one for one in page.rows}
            removed += page.removed
            assert len(page.rows) + len(page.removed) <= limit
            after = page.last
        assert sorted(one for part in found.removed() for one in part) == removed
        return found.state.version, rows, removed


def let_time_pass(place) -> None:
    """Move all that happened to long ago, so that every week is over."""
    for table, column in (("version", "published_at"), ("change", "at")):
        place.do(f"UPDATE cpdi.{table} SET {column} = {column} - interval '70 days' WHERE dataset = {place.number()}")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(feeds=FEEDS)
def test_a_copy_of_any_version_becomes_the_table_of_today(places, read_dsn, feeds):
    place = places(classes=CLASSES)
    copies = {}
    for feed in feeds:
        place.load([row(code, kind=kind, classes=classes) for code, (kind, classes) in feed.items()])
        version, rows, removed = changes(place, read_dsn)
        assert not removed
        copies.setdefault(version, rows)
    for version, copy in copies.items():
        _, moved, removed = changes(place, read_dsn, version)
        late = {**copy, **moved}
        assert not removed
        assert {key: late[key] for key in rows} == rows, "until the week is over, rows that left are still there"
    let_time_pass(place)
    for version, copy in copies.items():
        now, moved, removed = changes(place, read_dsn, version)
        assert removed == sorted(removed)
        assert not moved.keys() & set(removed)
        assert {key: one for key, one in {**copy, **moved}.items() if key not in removed} == rows
        assert now == place.version()[0]


def test_a_page_tells_nothing_but_ids_of_what_left(place, read_dsn):
    place.load([row("a", detail="a secret"), row("b")])
    first = place.version()[0]
    place.load([row("b")])
    let_time_pass(place)
    _, rows, removed = changes(place, read_dsn, first)
    assert rows == {}
    assert len(removed) == 1
    assert "secret" not in json.dumps(removed)


def test_rows_that_show_their_month_are_told_all_month_whatever_the_version(place, read_dsn):
    place.classes = CLASSES
    place.load([row("a", classes=2), row("b", classes=1)])
    place.load([row("a", classes=2, kind="Noise"), row("b", classes=1, kind="Noise")])
    place.load([row("a", classes=2, kind="Noise"), row("b", classes=1, kind="Noise"), row("c")])
    _, rows, _ = changes(place, read_dsn, place.version()[0])
    assert [one["code"] for one in rows.values()] == ["a"]
