"""What home and dataset pages show, made from declarations, packages and the ledger."""

import dataclasses
from datetime import UTC, datetime

import pytest
from msgspec import structs

from ckanext.cpdi.declare import Feed, Text
from ckanext.cpdi.site.pages import dataset_page, headings
from ckanext.cpdi.site.runs import status
from ckanext.cpdi.site.runs.ledger import Ledger, Reason

CALLS = {
    "name": "calls-for-service",
    "type": "incident-table",
    "title": "Calls for Service and Officer Initiated Calls",
    "resources": [],
}
REPORTS = {
    "name": "compstat-reports",
    "type": "report-series",
    "title": "Compstat Weekly Reports",
    "resources": [
        {"id": "a", "url": "https://x/a.pdf", "name": "Old", "format": "PDF", "period_end": "2025-12-28"},
        {
            "id": "b",
            "url": "https://x/b.pdf",
            "name": "New",
            "format": "PDF",
            "period_end": "2026-11-22",
            "size": 402233,
        },
        {"id": "c", "url": "https://x/c.pdf", "name": "", "period_start": "2026-11-09", "period_end": "2026-11-15"},
        {"id": "d", "url": ""},
    ],
}


CITATIONS = {
    "name": "electronic-citations",
    "type": "incident-table",
    "title": "Electronic Citations",
    "resources": [],
}


def put(folder, name, dataset="calls-for-service"):
    path = folder / dataset / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x" * 1234)


def test_headings_stand_in_declared_order_for_what_the_department_has(portal):
    shown = [one.name for one in headings(portal, {})]
    assert shown == [
        "calls-for-service",
        "electronic-citations",
        "compstat-reports",
        "closed-investigations",
        "response-to-resistance",
    ]
    assert shown == [name for name in portal.library.datasets if name in shown]


def test_a_department_shows_its_own_data_and_nothing_else(portal):
    """A feed, a series that it names, one that has reports, and a table that was loaded."""
    other = structs.replace(portal.profile, datasets={"use-of-force-officers": Feed()}, reports=("compstat-reports",))
    bare = dataclasses.replace(portal, profile=other, ledger=Ledger())
    assert [one.name for one in headings(bare, {})] == ["compstat-reports", "use-of-force"]
    report = {"id": "1", "name": "May", "url": "x"}
    series = {"response-to-resistance": {"resources": [report]}, "closed-investigations": {}}
    assert [one.name for one in headings(bare, series)][1:] == ["response-to-resistance", "use-of-force"]
    assert headings(dataclasses.replace(bare, ledger=portal.ledger), {})[0].name == "calls-for-service"


def test_a_department_has_words_of_its_own(portal):
    words, note = {"team": Text("District", "Distrito")}, Text("Counts differ.", "Los recuentos difieren.")
    feed = structs.replace(portal.profile.datasets["calls-for-service"], titles=words, caveats=(note,))
    other = structs.replace(portal.profile, datasets={"calls-for-service": feed})
    page = dataset_page(dataclasses.replace(portal, profile=other), CALLS)
    assert {one.name: one.title for one in page.dictionary}["team"] == "District"
    assert page.caveats[-1] == "Counts differ."
    assert "Compstat" not in str(page.caveats)
    assert "Compstat" in str(dataset_page(portal, CALLS).caveats)


def test_a_heading_tells_how_fresh_its_table_is(portal):
    calls = headings(portal, {"calls-for-service": CALLS})[0]
    assert calls.freshness.sentence == "Updated last night, 24 Nov 2026 · 231,402 calls · Jan 2019 to Nov 2026"


def test_a_dataset_that_the_reader_may_not_see_has_its_text_and_nothing_else(portal):
    put(portal.folder, "all.20261124-41.0123456789ab.csv")
    calls = headings(portal, {})[0]
    assert calls.text
    assert (calls.open, calls.freshness, calls.files, calls.links) == (False, None, (), ())


def test_only_files_that_are_there_are_offered(portal):
    put(portal.folder, "all.20261124-41.0123456789ab.csv")
    put(portal.folder, "2026.20261124-41.0123456789ab.geojson")
    assert [file.url for file in headings(portal, {"calls-for-service": CALLS})[0].files] == [
        "/data/calls-for-service.csv"
    ]
    table = dataset_page(portal, CALLS).table
    assert table.formats == ("CSV", "GeoJSON")
    assert [(row.label, [file and file.url for file in row.files]) for row in table.rows] == [
        ("All years", ["/data/calls-for-service.csv", None]),
        ("2026", [None, "/data/calls-for-service/2026.geojson"]),
    ]


def test_only_services_with_a_route_are_linked(portal):
    assert [link.url for link in dataset_page(portal, CALLS).links] == [
        "/api/3/action/datastore_search?resource_id=11111111-1111-4111-8111-111111111111",
        "/openapi.json",
    ]


def test_without_a_ledger_the_page_still_has_its_texts(portal):
    page = dataset_page(dataclasses.replace(portal, ledger=Ledger(available=False)), CALLS)
    assert (page.freshness, page.table, page.links) == (None, None, ())
    assert page.caveats
    names = [field.name for field in portal.library.dataset("calls-for-service").rows.fields]
    assert [one.name for one in page.dictionary if one.name != "utc_offset"] == names
    entries = {one.name: one for one in page.dictionary}
    assert entries["call_datetime"].shapefile == "CALL_TIME, CALL_DAY"
    assert "-04:00" in entries["utc_offset"].description


def test_what_staff_wrote_stands_before_the_declared_text_in_every_language(portal):
    spanish = dataclasses.replace(portal, language="es")
    assert dataset_page(spanish, CALLS).title == "Llamadas de servicio e iniciadas por agentes"
    assert dataset_page(spanish, CALLS | {"title": "Calls, all of them"}).title == "Calls, all of them"


def test_reports_stand_by_year_the_latest_first(portal):
    page = dataset_page(portal, REPORTS)
    assert [(year.year, [report.title for report in year.reports]) for year in page.years] == [
        (2026, ["New", "9 Nov 2026 to 15 Nov 2026"]),
        (2025, ["Old"]),
    ]
    assert (page.latest.title, page.latest.size) == ("New", "402 KB")


def test_a_report_without_any_day_is_still_listed(portal):
    page = dataset_page(portal, REPORTS | {"resources": [{"id": "z", "url": "https://x/z.pdf", "period_end": "soon"}]})
    assert page.latest.url == "https://x/z.pdf"


def test_a_dataset_made_by_hand_has_a_page(portal):
    page = dataset_page(portal, {"name": "stations", "type": "dataset", "title": "Stations", "resources": []})
    assert (page.title, page.declared, page.dictionary, page.table) == ("Stations", False, (), None)
    assert page.citation.endswith("Stations. https://data.example.org/dataset/stations")


def test_the_citation_names_the_version_unless_staff_wrote_one(portal):
    assert (
        "version 20261124-41. https://data.example.org/dataset/calls-for-service"
        in dataset_page(portal, CALLS).citation
    )
    assert dataset_page(portal, CALLS | {"citation": "Ours."}).citation == "Ours."


@pytest.fixture
def running(portal, citations):
    """A portal whose citations have files of all years, of this and of the last one."""
    for part in ("all", "2026", "2025"):
        put(portal.folder, f"{part}.20261124-41.0123456789ab.csv", "electronic-citations")
    return dataclasses.replace(portal, ledger=citations)


def test_a_table_that_shows_the_year_to_date_says_since_when(running):
    heading = headings(running, {"electronic-citations": CITATIONS})[1]
    assert heading.freshness.sentence == (
        "Updated last night, 24 Nov 2026 · 12,000 citations since January 1, 2026 · 30,000 in all years"
    )
    assert [file.url for file in heading.files] == ["/data/electronic-citations.csv"]
    table = dataset_page(running, CITATIONS).table
    assert [(row.label, row.rows, row.files[0].url) for row in table.rows] == [
        ("Since January 1, 2026", "12,000", "/data/electronic-citations.csv"),
        ("All years", "30,000", "/data/electronic-citations/all.csv"),
        ("2026", "12,000", "/data/electronic-citations/2026.csv"),
        ("2025", "13,000", "/data/electronic-citations/2025.csv"),
    ]


@pytest.mark.parametrize(
    ("instant", "label", "rows"),
    [("2027-01-01 04:59", "Since January 1, 2026", "12,000"), ("2027-01-01 05:00", "Since January 1, 2027", "0")],
)
def test_the_year_begins_at_the_departments_midnight_before_any_row_of_it(running, instant, label, rows):
    put(running.folder, "2027.20261124-41.0123456789ab.csv", "electronic-citations")
    now = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    first = dataset_page(dataclasses.replace(running, now=now), CITATIONS).table.rows[0]
    assert (first.label, first.rows, first.files[0].url) == (label, rows, "/data/electronic-citations.csv")


def test_what_a_feed_leaves_out_is_counted_roughly_and_what_it_cannot_tell_is_said(running):
    assert [(one.title, one.rows) for one in dataset_page(running, CITATIONS).left_out] == [
        ("Paper citations", "not in this feed"),
        ("Citations without a place", "about 30"),
    ]
    assert dataset_page(running, CALLS).left_out == ()


def test_few_left_out_look_like_none_and_unlike_not_asked(running):
    name = "electronic-citations"
    (skipped, last) = running.ledger.runs[name]
    none = dataclasses.replace(
        last, reasons=(Reason("withheld", "no_place", 0), Reason("withheld", "not_electronic", 4))
    )
    ledger = dataclasses.replace(running.ledger, runs={name: (skipped, none)})
    spanish = dataclasses.replace(running, ledger=ledger, language="es")
    assert [(one.title, one.rows) for one in dataset_page(spanish, CITATIONS).left_out] == [
        ("Citaciones en papel", "menos de 10"),
        ("Citaciones sin lugar", "menos de 10"),
    ]
    assert {one.rows for one in status.run_line(none, spanish.profile, "en").reasons} == {"< 10"}
