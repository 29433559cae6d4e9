"""A page of each kind, for readers and for staff: axe, widths, zoom, high contrast, focus and motion (WCAG 2.1 AA)."""

from __future__ import annotations

import os
import re
from datetime import date

import pytest
from helpers import feeds, tables
from helpers.documents import page as document
from helpers.documents import sections
from helpers.help import HELP
from helpers.pdfs import drawn, lines
from helpers.profiles import use_profile
from helpers.reports import WEEKLY, publish, week
from helpers.usable import LOOKS, NARROW, faults, settle
from helpers.users import PASSWORD, signed_in

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.store.errata import Answer, Letter

PATIENCE = 120_000
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
FORCE, SUBJECTS = "use-of-force", "use-of-force-subjects"
REPORT = f"/reports/{WEEKLY}/2024-03-24"
OGC = f"/ogc/collections/{feeds.DATASET}"
SERVICE = f"/arcgis/rest/services/{feeds.DATASET}/FeatureServer"
READERS = {
    "GET /": ("/",),
    "GET /search": ("/search?q=stolen",),
    "GET /corrections": ("/corrections",),
    "GET /corrections/new": ("/corrections/new",),
    "GET /corrections/<int:number>": ("/corrections/{erratum}",),
    "GET /help": (HELP[0],),
    "GET /help/<name>": (HELP[1],),
    "GET /status": ("/status",),
    "GET /status/<name>": (f"/status/{feeds.DATASET}",),
    "GET /status/runs": ("/status/runs",),
    "GET /status/runs/<int:number>": ("/status/runs/{run}",),
    "GET /dataset/<name>/changes": (f"/dataset/{feeds.DATASET}/changes",),
    "GET /dataset/<name>/explore": (f"/dataset/{feeds.DATASET}/explore",),
    "GET /reports/<series>/<period>": (REPORT,),
    "GET /reports/<series>/<period>/text": (f"{REPORT}/text",),
    "GET /reports/<series>/calls": (f"/reports/{WEEKLY}/calls",),
    "GET /openapi": ("/openapi",),
    "GET /openapi/<name>": ("/openapi/ogc",),
    "of the OGC service": (
        "/ogc?f=html", f"{OGC}?f=html", f"{OGC}/items?f=html&limit=5", f"{OGC}/items/1?f=html",
        f"{OGC}/items?f=html&limit=x",
    ),
    "of the map service": (
        "/arcgis/rest/services?f=html", f"{SERVICE}?f=html", f"{SERVICE}/0?f=html",
        f"{SERVICE}/0/1?f=html", f"{SERVICE}/0/query?f=html",
    ),
    "of datasets": ("/dataset/", f"/dataset/{feeds.DATASET}", f"/dataset/{WEEKLY}", f"/dataset/{FORCE}"),
    "of CKAN": ("/user/login", "/nothing"),
}  # fmt: skip
OTHER_WORDS = (
    *HELP[2:], "/search?q=nothing+has+this", "/ogc/conformance?f=html", "/arcgis/rest/info?f=html", "/user/reset",
    "/organization/police", "/es/", "/es/search?q=stolen", "/es/corrections/new", "/es/corrections/{erratum}",
    f"/es{HELP[2]}", f"/es/status/{feeds.DATASET}", "/es/status/runs/{run}", f"/es{REPORT}",
    f"/es/dataset/{feeds.DATASET}/explore", f"/es/reports/{WEEKLY}/calls", f"/es/dataset/{feeds.DATASET}",
    f"/es/dataset/{WEEKLY}", f"/es/dataset/{FORCE}", "/es/user/login", f"/es{OGC}/items?f=html&limit=5",
)  # fmt: skip
"""Pages that differ in their words alone from one of READERS; longer words need more room."""
NO_PAGES = {
    "GET /status/profile/files", "GET /incident-table/<name>", "GET /report-series/<name>", "GET /sign-in",
    "GET /sign-in/back", "GET /sign-in/out",
}  # fmt: skip
"""A file, and ways elsewhere among the routes of pages."""
A_FILE = re.compile(r"\.(atom|csv|webp)$")
STAFF = {
    "GET /status/desk": ("/status/desk",),
    "GET /status/deny": ("/status/deny",),
    "GET /status/approval": ("/status/approval",),
    "GET /status/corrections": ("/status/corrections",),
    "GET /status/corrections/<int:number>": ("/status/corrections/{unanswered}",),
    "GET /status/reports": ("/status/reports",),
    "GET /status/reports/<name>": (f"/status/reports/{WEEKLY}",),
    "GET /status/reports/report/<report>": ("/status/reports/report/{report}",),
    "GET /status/profile": ("/status/profile",),
    "of both": ("/", f"/status/{feeds.DATASET}", "/status/runs/{held}", f"/dataset/{feeds.DATASET}"),
    "of CKAN": (f"/dataset/edit/{feeds.DATASET}",),
}
STAFF_OTHER_WORDS = (
    "/es/status/desk", "/es/status/corrections/{unanswered}", "/es/status/reports", f"/es/status/reports/{WEEKLY}",
    "/es/status/reports/report/{report}", "/es/status/runs/{held}", "/es/status/profile",
)  # fmt: skip


def fill(folder) -> dict[str, str]:
    """Publish a sample of calls, people by year and two reports; hold a run that lost most rows, and a report with a
    covered name; take two reports of errors and answer one.
    """
    run = feeds.load_sample(folder / "calls.csv").run
    held = load.run(feeds.DATASET, str(feeds.write_calls(folder / "few.csv", [1])), label="few", trusted_path=True)
    assert held.state == "held"
    publish(WEEKLY, week(date(2024, 3, 17)), ["Earlier"], tagged=False)
    publish(WEEKLY, week(date(2024, 3, 24)), ["Two stolen bicycles were recovered.", "The second page"])

    def page(canvas):
        lines("Compstat", "Q. Marrow Quillfeather")(canvas)
        canvas.rect(50, 690, 300, 20, fill=1)

    covered = drawn(folder / "Compstat 2024-03-31.pdf", page)
    load.run(WEEKLY, str(covered), label=covered.name, trusted_path=True)
    publish_people(folder)
    with config.store() as store:
        report = str(store.reports.held()[0].id)
        day = date(2024, 3, 25)
        erratum = store.errata.receive(feeds.DATASET, Letter("", "The team", ""), day, "en")
        store.errata.answer(erratum, Answer("corrected", "The team of 12 March", "The feed had two.", "en"), "tests")
        unanswered = store.errata.receive("", Letter("25-000123", "The month\nis wrong", "me@example.org"), day, "es")
    numbers = {"run": run, "held": held.run, "report": report, "erratum": erratum, "unanswered": unanswered}
    return {name: str(number) for name, number in numbers.items()}


def publish_people(folder) -> None:
    incidents, subjects = folder / "force.csv", folder / "people.csv"
    incidents.write_text("Incident_Number,Date\n2024-1,2024-02-07\n", encoding="utf-8")
    races = ("W",) * 61 + ("B",) * 52 + ("H",) * 3
    rows = [f"2024-{at},2024-0{at % 6 + 1}-07,S-{at},{20 + at % 50},{race},M" for at, race in enumerate(races)]
    subjects.write_text("\n".join(["Incident_Number,Date,Subject_ID,Age,Race,Sex", *rows, ""]), encoding="utf-8")
    tables.publish(FORCE, incidents)
    tables.publish(SUBJECTS, subjects)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("department")


@pytest.fixture
def numbers(once, folder, ckan_config, monkeypatch):
    """The department of the demo, and tables of force; the numbers of what lies there."""

    def with_force(profile):
        races = {"race_ethnicity": {"W": "white", "B": "black", "H": "hispanic"}, "sex": {"M": "male"}}
        profile["datasets"][FORCE] = {"default_class": "open"}
        profile["datasets"][SUBJECTS] = {"default_class": "open", "values": races}

    use_profile(monkeypatch, ckan_config, folder, with_force)
    return once(fill)


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 844})
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def walk(page, address, pages, numbers, looks=LOOKS):
    """Return what is wrong, by address, with all of ``pages``."""
    wrong = {}
    for path in [path.format(**numbers) for path in pages]:
        page.goto(address + path)
        settle(page)
        if SHOTS:
            shoot(page, path)
        if said := faults(page, looks):
            wrong[path] = said
    return wrong


def shoot(page, path):
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        name = path.strip("/").replace("/", "_").replace("?", "_") or "home"
        page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


def paths(pages):
    return [path for those in pages.values() for path in those]


def test_every_page_of_the_list_of_endpoints_is_looked_at():
    text = document("docs/endpoints.md").partition("## Pages")[2]
    headings = [heading.strip("`") for heading, _ in sections(text) if heading.startswith("`GET ")]
    listed = {heading for heading in headings if not A_FILE.search(heading)}
    assert listed - NO_PAGES == {heading for heading in {*READERS, *STAFF} if heading in listed}


def test_readers_pages_are_usable_by_everybody(page, address, numbers):
    wrong = walk(page, address, paths(READERS), numbers)
    assert wrong | walk(page, address, OTHER_WORDS, numbers, NARROW) == {}


def test_staff_pages_are_usable_by_everybody(page, address, numbers):
    page.goto(f"{address}/user/login")
    page.fill("input[name=login]", signed_in(capacity="admin")["name"])
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    wrong = walk(page, address, paths(STAFF), numbers)
    assert wrong | walk(page, address, STAFF_OTHER_WORDS, numbers, NARROW) == {}
