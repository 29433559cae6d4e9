"""Counts of people on a dataset's page, and staff's list of held figures: in both languages, on a phone."""

from __future__ import annotations

import csv
import os
import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from helpers.reports import WEEKLY, publish, week
from helpers.tables import department
from helpers.tables import publish as load
from helpers.usable import check, settle
from test_release_by_keyboard import tab_to

from ckanext.cpdi import config
from ckanext.cpdi.reports.tables import Fault, ReportFaults, write_faults

SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
SUBJECTS = "use-of-force-subjects"
END = date(2025, 10, 12)
ROW = ("All teams", "other_larceny", "week")
FAULTS = (
    Fault("sum", 1, *ROW, "current", "1012", ("1014",)),
    Fault("change", 2, "Team 2", "burglary_residential", "year_to_date", "change", "-38.0", ("-37.5",)),
    Fault("year_before", 2, "Team 2", "murder", "28_days", "prior", "4", ("3",), "2"),
    Fault("no_number", 3, "Team 3", "arson", "week", "prior", "1,01"),
)


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(request, browser):
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    opened.width = request.param
    yield opened
    opened.close()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


@pytest.fixture
def people(tmp_path, ckan_config, monkeypatch, once):
    """Two closed years of people whom force was used on, in few categories and many."""
    races = {"W": "white", "B": "black", "H": "hispanic", "A": "asian"}
    feed = {"default_class": "open", "values": {"race_ethnicity": races, "sex": {"M": "male", "F": "female"}}}
    town = department(tmp_path, {"use-of-force": {"default_class": "open"}, SUBJECTS: feed})
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", str(town))
    once(fill)


def fill(folder: Path) -> None:
    (folder / "force.csv").write_text("Incident_Number,Date\n2024-1,2024-02-07\n", encoding="utf-8")
    load("use-of-force", folder / "force.csv")
    with (folder / "people.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("Incident_Number", "Date", "Subject_ID", "Age", "Race", "Sex"))
        for year in (2024, 2025):
            for at, race in enumerate("W" * 61 + "B" * 52 + "H" * 3 + "_" * 11):
                who = (f"{year}-{at}", f"{year}-{at % 6 + 1:02}-07", f"S-{year}-{at}")
                writer.writerow((*who, 30, race.strip("_"), "MMF"[at % 3]))
    load(SUBJECTS, folder / "people.csv")


def test_counts_of_people_are_usable_by_everybody(browser, address, people):
    page = browser.new_page()
    for page.width, language in product((1280, 390), ("", "/es")):
        page.set_viewport_size({"width": page.width, "height": 844})
        page.goto(f"{address}{language}/dataset/use-of-force")
        section = page.locator("section[aria-labelledby=people]").first
        closed = section.locator("details:not([open]) > summary").first
        if not language:
            tab_to(page, closed.inner_text())
            page.keyboard.press("Enter")
            assert section.locator("details:not([open])").count() == section.locator("details").count() - 2
        page.evaluate("for (const one of document.querySelectorAll('details.cp-year')) one.open = true")
        check(page, f"people{language}")
        if SHOTS:
            section.screenshot(path=f"{SHOTS}/people{language.replace('/', '-')}-{page.width}.png")


def test_the_explorer_offers_nothing_that_a_table_of_months_does_not_have(browser, address, people):
    page = browser.new_page()
    for page.width, language in product((1280, 390), ("", "/es")):
        page.set_viewport_size({"width": page.width, "height": 844})
        page.goto(f"{address}{language}/dataset/{SUBJECTS}/explore")
        settle(page)
        assert page.locator('[data-chart="weeks"], [data-chart="hours"]:visible, [data-cpdi-face="map"]').count() == 0
        assert page.locator(".cp-ex-week").count() == 0
        page.evaluate("for (const one of document.querySelectorAll('.cp-ex-filter')) one.open = true")
        assert page.locator(".cp-ex-set").count() == 1
        assert page.locator(".cp-ex-preset").count() == 5
        # No bar is a day, and the last month is whole.
        assert page.locator('[data-chart="time"] select').first.locator("option:enabled").count() == 3
        first = page.locator(".cp-ex-numbers p").first.inner_text()
        assert first.startswith("254 ")
        assert re.search(r"Jun(io)? 30, 2025|30 jun 2025", first)
        says = page.locator('[data-chart="time"] .cp-ch-says').inner_text()
        assert says.startswith("254 ")
        check(page, f"explorer{language}")
        shot(page, f"months{language.replace('/', '-')}")


@pytest.fixture
def faulty(portal):
    """A weekly report with figures that do not add up."""
    publish(WEEKLY, week(END), ["One", "Two", "Three"])
    write_faults(config.faults_path(WEEKLY), [ReportFaults(END, 1, 8, FAULTS)])


def test_staff_find_a_held_figure_from_the_desk_and_open_its_page(page, address, faulty, editor):
    page.set_extra_http_headers(editor["headers"])
    page.goto(f"{address}/status/desk")
    tab_to(page, "Compstat Weekly Reports")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/status/reports/{WEEKLY}#figures")
    check(page, "held figures")
    row = page.locator("#figures ~ details tbody tr").first
    assert "1,012" in row.inner_text()
    assert "1,014" in row.inner_text()
    assert row.get_by_role("link").get_attribute("href").endswith(f"/reports/{WEEKLY}/{END}/1.pdf#page=1")
    shot(page, "figures")
    page.goto(f"{address}/es/status/reports/{WEEKLY}#figures")
    check(page, "held figures in Spanish")
    shot(page, "figures-es")
