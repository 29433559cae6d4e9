"""Figures of Compstat reports, from PDFs to the table, its files and the API."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action
from helpers import datastore
from helpers.tables import department, publish

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.reports import examine
from ckanext.cpdi.reports.tables import FigureLedger, read_figures
from ckanext.cpdi.sample.reports.schedule import COMPSTAT, last_reports
from ckanext.cpdi.sample.reports.write import draw

ROOT = Path(__file__).parents[3]
TABLE = "compstat-figures"
END = date(2025, 10, 12)
"""A week whose first report had a wrong figure, and was corrected."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return department(tmp_path_factory.mktemp("quillton"), {TABLE: {"default_class": "open"}}, reports=[COMPSTAT])


def ledger(folder: Path, edition: int) -> FigureLedger:
    """Return the figures of the report of ``END`` in an edition, and of the year before."""
    library = read_library(ROOT / "schemas")
    profile = read_profile(ROOT / "profiles" / "charleston.yaml", library.classes)
    layout = library.datasets[COMPSTAT].figures
    read = FigureLedger()
    wanted = {(END, edition), (END - timedelta(days=364), 1)}
    for report in last_reports(600, date(2026, 1, 1), COMPSTAT):
        if (report.end, report.edition) in wanted:
            (folder / "a.pdf").write_bytes(draw(report, profile, 1))
            pages = examine(folder / "a.pdf", folder / "b.pdf", folder / "c.webp").pages
            read.put(read_figures(pages, layout, report.end), report.edition)
    return read


@pytest.fixture
def published(town, ckan_config, monkeypatch, once, tmp_path):
    """The figures of the corrected edition, loaded after those of the first; what the first run took in."""
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", str(town))

    def fill(folder: Path) -> int:
        feed = tmp_path / "figures.csv"
        feed.write_text(ledger(tmp_path, 1).feed(), encoding="utf-8")
        first = publish(TABLE, feed)
        feed.write_text(ledger(tmp_path, 2).feed(), encoding="utf-8")
        publish(TABLE, feed)
        return first.published

    return once(fill)


def rows(app) -> list[dict[str, str]]:
    return list(csv.DictReader(app.get(f"/data/{TABLE}.csv", status=200).get_data(as_text=True).splitlines()))


def test_every_figure_of_two_reports_is_a_row_and_what_was_held_comes_with_the_correction(app, published):
    held = 6  # an offence and window, in the city and five teams
    assert published == 2 * 198 - held
    assert len(rows(app)) == 2 * 198


def test_rows_say_what_the_page_says(app, published):
    wanted = {"week_ending": str(END), "team": "Team 2", "offence": "motor_vehicle_theft", "window": "28_days"}
    (row,) = [row for row in rows(app) if wanted.items() <= row.items()]
    assert {name: row[name] for name in ("current", "prior", "change_percent", "edition", "page")} == {
        "current": "5",
        "prior": "8",
        "change_percent": "-38.0",
        "edition": "2",
        "page": "5",
    }


def test_nothing_is_compared_with_zero(app, published):
    none_before = [row for row in rows(app) if row["prior"] == "0"]
    assert none_before
    assert {row["change_percent"] for row in none_before} == {""}


def test_the_table_stands_beside_its_series_and_is_no_heading_of_the_home_page(app, published):
    from helpers import reports

    reports.publish(COMPSTAT, reports.week(END))
    assert f'href="/dataset/{TABLE}"' in app.get(f"/dataset/{COMPSTAT}").body
    assert f'href="/dataset/{COMPSTAT}"' in app.get("/").body
    assert f'href="/dataset/{TABLE}"' not in app.get("/").body
    assert "Compstat Figures" in app.get(f"/dataset/{TABLE}").body


def test_the_table_is_filtered_as_any_other(app, published):
    query = f"/data/{TABLE}.csv?team=All+teams&window=week&offence=murder"
    text = app.get(query, status=200).get_data(as_text=True)
    assert len(list(csv.DictReader(text.splitlines()))) == 2


@pytest.fixture
def drop(town, portal, folders, ckan_config, monkeypatch):
    """A drop folder with the reports of two weeks."""
    from helpers.demo import set_up

    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", str(town))
    set_up()
    folder = folders["drop"] / "compstat"
    folder.mkdir()
    put(folder, END - timedelta(days=364), 1)
    put(folder, END, 1)
    return folder


def put(folder: Path, end: date, edition: int) -> None:
    profile = read_profile(ROOT / "profiles" / "charleston.yaml", read_library(ROOT / "schemas").classes)
    reports = last_reports(600, date(2026, 1, 1), COMPSTAT)
    report = next(report for report in reports if (report.end, report.edition) == (end, edition))
    (folder / report.file).write_bytes(draw(report, profile, 1))


def harvest():
    from ckanext.cpdi.jobs import figures, load

    load.run(COMPSTAT, "drop:compstat", label="the tests' reports")
    return figures.refresh(COMPSTAT)


def present() -> int:
    from ckanext.cpdi.catalog.parts import resource_id

    return datastore.rows(resource_id(TABLE))


def test_reports_that_were_harvested_become_rows_and_the_same_ones_change_nothing(drop, caplog):
    from ckanext.cpdi.jobs import figures

    report = harvest()
    assert (report.state, report.published) == ("published", 390)
    assert "compstat-reports 2025-10-12 held: page 1, All teams, other larceny, week, current: sum, " in caplog.text
    assert figures.refresh(COMPSTAT) is None
    put(drop, END, 2)
    assert harvest().published == 396
    assert present() == 396


def test_staff_see_each_held_figure_with_the_right_one_and_its_page(drop, app, editor):
    page, staff = f"/status/reports/{COMPSTAT}", editor["headers"]
    harvest()
    body = app.get(page, headers=staff).body
    section = body.split('id="figures"')[1].split("</section>")[0]
    assert "Week of 6–12 Oct 2025" in section
    assert "6 figures are not published" in section
    assert "All teams, Other larceny" in section
    assert f'href="/reports/{COMPSTAT}/2025-10-12/1.pdf#page=1"' in section
    assert "Las zonas no suman esta cifra" in app.get(f"/es{page}", headers=staff).body
    assert f'{page}#figures">' in app.get("/status/reports", headers=staff).body
    desk = app.get("/status/desk", headers=staff).body
    assert "Figures in reports do not add up" in desk
    assert f'href="{page}#figures"' in desk
    put(drop, END, 2)
    harvest()
    assert "Every figure that was read adds up" in app.get(page, headers=staff).body
    assert "Figures in reports do not add up" not in app.get("/status/desk", headers=staff).body


def test_faults_are_for_staff_alone_and_go_with_their_report(drop):
    from ckanext.cpdi import config

    harvest()
    with pytest.raises(tk.NotAuthorized):
        call_action("cpdi_report_faults", {"ignore_auth": False, "user": ""})
    (report,) = call_action("cpdi_report_faults", series=COMPSTAT)
    assert (report["period_end"], report["edition"], report["held"]) == (END, 1, 6)
    assert {(fault["kind"], fault["page"], fault["area"]) for fault in report["faults"]} == {("sum", 1, "All teams")}
    with config.store() as store:
        (wrong,) = [one for one in store.reports.published(COMPSTAT) if one.period_end == END]
        store.reports.withdraw(wrong.id, "the tests")
    assert call_action("cpdi_report_faults") == []


def test_figures_of_a_withdrawn_report_leave_and_those_of_its_predecessor_stand_again(drop):
    from ckanext.cpdi import config
    from ckanext.cpdi.jobs import figures

    put(drop, END, 2)
    assert harvest().published == 396
    with config.store() as store:
        (latest,) = [one for one in store.reports.published(COMPSTAT) if one.period_end == END and one.present]
        store.reports.withdraw(latest.id, "the tests")
    assert figures.refresh(COMPSTAT).published == 390
    assert present() == 390


def test_a_feed_that_is_held_is_not_tried_at_every_tick(drop, monkeypatch):
    from ckanext.cpdi.jobs import figures, load

    tries = []

    def held(*arguments, **more):
        tries.append(arguments)
        return NightReport(0, TABLE, "held")

    load.run(COMPSTAT, "drop:compstat", label="the tests' reports")
    with monkeypatch.context() as patched:
        patched.setattr(load, "run", held)
        for _ in range(3):
            figures.refresh(COMPSTAT)
        assert len(tries) == 1
        patched.setattr(figures, "_AGAIN", -1)
        figures.refresh(COMPSTAT)
        assert len(tries) == 2


def test_a_department_without_the_table_reads_no_figures(drop, tmp_path, ckan_config, monkeypatch):
    from ckanext.cpdi.jobs import figures

    other = department(tmp_path, {}, reports=[COMPSTAT])
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", str(other))
    assert figures.refresh(COMPSTAT) is None
    assert figures.refresh("closed-investigations") is None
