"""The change log in words: what the store noticed, what staff said, nights without an update."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ckanext.cpdi.declare import FreezeDay, Text
from ckanext.cpdi.declare.departments.note import Announcement
from ckanext.cpdi.declare.departments.profile import Feed
from ckanext.cpdi.site.dataset import changelog
from ckanext.cpdi.site.dataset.change_source import Correction, Facts, Notice

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
FEBRUARY = FreezeDay.parse("02-15")


def at(text: str) -> datetime:
    """An instant of the department's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def entries(library, profile):
    """The log of the calls as (day, kind, sentence)."""
    calls = library.dataset("calls-for-service")

    def made(language: str = "en", changes=(), **facts):
        told = msgspec.structs.replace(profile, datasets={calls.name: Feed(changes=tuple(changes))})
        found = changelog.entries(calls, told, Facts(**facts), FEBRUARY, NOW, language)
        return [(one.day, one.kind, one.text) for one in found]

    return made


def notice(kind: str, **facts) -> Notice:
    return Notice(at("2026-11-20 03:00"), kind, "20261120-7", facts)


def test_the_beginning(entries):
    assert entries(notices=[notice("first", rows=231402)]) == [
        ("20 Nov 2026", "first", "Changes are recorded from here on; the table had 231,402 calls.")
    ]
    assert entries(notices=[notice("first", rows=1)])[0][2].endswith("the table had 1 call.")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"added": ["priority", "team"]}, "Schema version 1.1. New: priority, team."),
        ({"removed": ["unit"]}, "Schema version 1.1. No longer supplied: unit."),
        ({"retyped": ["priority"]}, "Schema version 1.1. Of another type: priority."),
        ({}, "Schema version 1.1."),
    ],
)
def test_fields(entries, facts, sentence):
    whole = {"schema_version": "1.1", "added": [], "removed": [], "retyped": [], **facts}
    assert entries(notices=[notice("schema", **whole)])[0][2] == sentence


@pytest.mark.parametrize(
    ("percent", "touched", "sentence"),
    [
        (0, False, "No published row is touched."),
        (0, True, "Fewer than 1 % of the rows changed or left with it."),
        (12, True, "About 12 % of the rows changed or left with it."),
    ],
)
def test_rules_with_the_share_of_rows(entries, percent, touched, sentence):
    found = entries(notices=[notice("rules", profile="charleston 2026.11.2", percent=percent, any=touched)])[0][2]
    assert found == f"Rules, code lists or places changed (profile charleston 2026.11.2). {sentence}"


def test_corrections_of_a_week_are_one_entry(entries):
    monday = at("2026-11-23 00:00")
    assert entries(corrections=[Correction(monday, 2023, 10), Correction(monday, 2024, 1230)]) == [
        (
            "23 Nov 2026",
            "correction",
            "In the week of 16 Nov 2026 to 22 Nov 2026, rows of closed years were added, corrected or removed: "
            "about 1,230 of 2024, about 10 of 2023.",
        )
    ]


def test_late_rows_of_a_year_that_is_not_closed_yet_are_no_correction(entries):
    assert entries(corrections=[Correction(at("2026-02-09 00:00"), 2025, 500)]) == []
    assert len(entries(corrections=[Correction(at("2026-02-23 00:00"), 2025, 500)])) == 1


def nights(first: str, count: int) -> list[datetime]:
    return [at(f"{first} 03:00") + timedelta(days=day) for day in range(count)]


def test_nights_that_came_are_no_news(entries):
    assert entries(good=nights("2026-11-01", 24)) == []


def test_days_without_an_update_are_told(entries):
    good = [*nights("2026-11-01", 3), *nights("2026-11-07", 2), *nights("2026-11-10", 15)]
    assert entries(good=good) == [
        ("10 Nov 2026", "outage", "No update arrived: 9 Nov 2026. The data before it stayed."),
        ("7 Nov 2026", "outage", "No update arrived: 4 Nov 2026 to 6 Nov 2026. The data before it stayed."),
    ]


def test_an_outage_that_lasts_is_told(entries):
    assert entries(good=nights("2026-11-01", 20)) == [
        ("21 Nov 2026", "outage", "No update has arrived since 21 Nov 2026. The data before it stay.")
    ]
    assert entries(good=nights("2026-11-01", 23)) == [], "the night of today may still come"


def test_the_days_of_nights_are_the_departments(entries):
    evening = [at("2026-11-22 23:30"), at("2026-11-24 00:10")]
    assert [text for _, _, text in entries(good=evening)] == [
        "No update arrived: 23 Nov 2026. The data before it stayed."
    ]


def test_a_table_without_a_nightly_feed_has_no_outages(library, profile):
    reports = library.dataset("compstat-reports")
    assert changelog.entries(reports, profile, Facts(good=tuple(nights("2026-01-01", 1))), FEBRUARY, NOW, "en") == ()


def test_what_staff_say_stands_among_the_rest_latest_first(entries):
    said = Announcement("2026-11-21", Text("Teams are drawn anew.", "Nuevos equipos."), "rules")
    facts = {"notices": [notice("first", rows=2)], "changes": [said]}
    assert next(text for _, _, text in entries(**facts)) == "Teams are drawn anew."
    assert [text for _, _, text in entries("es", **facts)] == [
        "Nuevos equipos.",
        "Los cambios se registran desde aquí; la tabla tenía 2 llamadas.",
    ]


@pytest.mark.parametrize("day", ["2026-13-01", "soon", ""])
def test_what_staff_say_has_a_day(day):
    with pytest.raises(ValueError):
        Announcement(day, Text("x"))
