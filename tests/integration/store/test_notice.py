"""What a run leaves for the change log: schema, rules, corrections of past years."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from store_rows import field, row, table

LONG_AGO = datetime(2021, 5, 1, 12, tzinfo=UTC)
NOW = datetime.now(UTC)


def notices(place) -> list[tuple[str, dict]]:
    return place.ask("SELECT kind, facts FROM public._cpdi_notice WHERE dataset = %s ORDER BY at, kind", place.dataset)


def corrections(place) -> dict[int, int]:
    found = place.ask("SELECT year, rows FROM cpdi.correction WHERE dataset = %s", place.number())
    return dict(found)


@pytest.fixture
def rules(place, monkeypatch):
    """Lets the following runs work by other rules, or under another profile."""
    found = {"rules": "1", "profile": "town 1"}

    def start(fingerprint: str = "") -> int:
        return place.store.ledger.start(
            place.dataset, "feed", "sha", found["rules"], found["profile"], "code", fingerprint
        )

    monkeypatch.setattr(place, "start", start)
    return found


def test_the_log_begins_with_the_first_version(place):
    place.load([row("a"), row("b")])
    assert notices(place) == [("first", {"rows": 2})]


def test_fields_that_come_and_go_are_told(place):
    place.load([row("a")])
    place.table, place.schema_version = table(field("extra", "string")), "1.1"
    place.load([row("a", kind="Noise")])
    place.table, place.schema_version = table(), "2.0"
    place.load([row("a")])
    assert notices(place)[1:] == [
        ("schema", {"schema_version": "1.1", "added": ["extra"], "removed": [], "retyped": []}),
        ("schema", {"schema_version": "2.0", "added": [], "removed": ["extra"], "retyped": []}),
    ]


def test_new_rules_are_told_with_the_share_of_rows_that_they_touched(place, rules):
    rows = [row(f"k{at}") for at in range(40)]
    place.load(rows)
    rules |= {"rules": "2", "profile": "town 2"}
    place.load([{**one, "kind": "Noise"} for one in rows[:9]] + rows[10:])
    assert notices(place)[1:] == [("rules", {"profile": "town 2", "percent": 25, "any": True})]


def test_rules_that_touch_no_row_are_told_only_with_a_new_version_of_the_profile(place, rules):
    place.load([row("a")])
    rules["rules"] = "2"
    place.load([row("a")])
    assert notices(place)[1:] == []
    rules |= {"rules": "3", "profile": "town 2"}
    place.load([row("a")])
    assert notices(place)[1:] == [("rules", {"profile": "town 2", "percent": 0, "any": False})]


def test_a_rule_change_is_told_once(place, rules):
    place.load([row("a")])
    rules |= {"rules": "2", "profile": "town 2"}
    place.load([row("a", kind="Noise")])
    place.load([row("a", kind="Barking")])
    assert [kind for kind, _ in notices(place)] == ["first", "rules"]


def test_rows_of_past_years_that_change_come_or_go_are_counted_by_week(place):
    place.load([row("a", happened=LONG_AGO), row("b", happened=LONG_AGO), row("c", happened=NOW)])
    assert corrections(place) == {}
    place.load([row("a", happened=LONG_AGO, kind="Noise"), row("c", happened=NOW, kind="Noise")])
    place.load([row("a", happened=LONG_AGO), row("late", happened=LONG_AGO), row("c", happened=NOW)])
    assert corrections(place) == {2021: 4}


def test_strangers_see_a_rounded_count_when_the_week_is_over(place):
    place.load([row("a", happened=LONG_AGO), row("b", happened=LONG_AGO)])
    place.load([row("a", happened=LONG_AGO)])
    query = "SELECT year, rows FROM public._cpdi_correction WHERE dataset = %s"
    assert place.ask(query, place.dataset) == []
    place.do(f"UPDATE cpdi.correction SET at = at - interval '7 days' WHERE dataset = {place.number()}")
    assert place.ask(query, place.dataset) == [(2021, 10)]
    place.do(f"UPDATE cpdi.correction SET rows = 1234 WHERE dataset = {place.number()}")
    assert place.ask(query, place.dataset) == [(2021, 1230)]


def test_a_new_places_file_counts_as_new_rules(place):
    place.load([row("a")])
    before = place.ask("SELECT rules FROM public._cpdi_form WHERE dataset = %s", place.dataset)
    place.masks = "other places"
    place.load([row("a", kind="Noise")])
    assert [kind for kind, _ in notices(place)] == ["first", "rules"]
    assert place.ask("SELECT rules FROM public._cpdi_form WHERE dataset = %s", place.dataset) != before
