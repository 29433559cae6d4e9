"""Runs of a series of reports: what is published, what waits, what is refused, and what a stopped run leaves."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from datetime import date

import psycopg
import pytest
from helpers.pdfs import drawn, scan, written

from ckanext.cpdi import config
from ckanext.cpdi.jobs import kinds, load
from ckanext.cpdi.pipeline.claim import DatasetBusy, dataset_claim
from ckanext.cpdi.pipeline.reports import reading, shelf
from ckanext.cpdi.publish import report_files
from ckanext.cpdi.reports import ocr
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.store.reports import FileOutcome, Reports

pytestmark = pytest.mark.usefixtures("portal")

SERIES = "compstat-reports"
MARCH_24, MARCH_17 = date(2024, 3, 24), date(2024, 3, 17)


@pytest.fixture
def drop(folders):
    folder = folders["drop"] / "compstat"
    folder.mkdir()
    return folder


def put(folder, name: str, *lines: str):
    return written(folder / name, lines or (f"Compstat, {name}",), ("The second page",))


def run(location: str = "drop:compstat", **more):
    report = load.run(SERIES, location, label="the tests' reports", **more)
    assert report.read == report.published + report.withheld + sum(report.quarantined.values())
    return report


def outcomes(report) -> dict[str, str]:
    """What became of each file of a run: its outcome, or the reason where it has one."""
    with config.store() as store:
        return {file.file_name: file.reason or file.outcome for file in store.reports.files(report.run)}


def editions() -> list[archive.Edition]:
    with psycopg.connect(config.read_dsn()) as connection:
        return archive.editions(connection, SERIES)


def public() -> set[str]:
    """The public files of the series."""
    folder = report_files.public_folder(config.files_path(), SERIES)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def private() -> list[str]:
    """What waits in the private folder, by the kinds of files."""
    return sorted(path.suffix for path in report_files.held_folder(config.private_path(), SERIES).glob("*"))


def test_new_reports_are_published_with_their_files_and_the_same_ones_change_nothing(drop):
    put(drop, "Compstat 2024-03-24.pdf")
    put(drop, "Compstat 3.17.24.pdf")
    first = run()
    assert (first.state, first.read, first.added) == ("published", 2, 2)
    assert [(edition.period_end, edition.edition, edition.pages) for edition in editions()] == [
        (MARCH_24, 1, 2),
        (MARCH_17, 1, 2),
    ]
    files = {"2024-03-24/1.pdf", "2024-03-24/1.webp", "2024-03-17/1.pdf", "2024-03-17/1.webp"}
    assert (public(), private()) == (files, [])
    again = run()
    assert (again.state, again.read, again.added, again.unchanged) == ("unchanged", 2, 0, 2)
    assert public() == files
    assert list(config.spool_path().iterdir()) == []


def test_a_corrected_report_takes_the_place_of_the_one_before_which_stays_reachable(drop):
    put(drop, "Compstat 2024-03-24.pdf")
    run()
    put(drop, "Compstat 2024-03-24 corrected.pdf")
    assert run().added == 1
    assert [(edition.edition, edition.present) for edition in editions()] == [(2, True), (1, False)]
    assert {"2024-03-24/1.pdf", "2024-03-24/2.pdf"} < public()


def test_an_edition_and_its_correction_in_one_run_are_published_in_their_order(drop):
    put(drop, "Compstat 2024-03-24 rev2.pdf", "the corrected one")
    put(drop, "Compstat 2024-03-24.pdf", "the wrong one")
    assert run().added == 2
    with psycopg.connect(config.read_dsn()) as connection:
        present = archive.edition(connection, SERIES, MARCH_24)
        assert archive.pages(connection, present.id)[0].text.strip() == "the corrected one"


def test_what_has_no_period_is_of_one_to_come_or_twice_waits_and_nobody_sees_it(drop):
    put(drop, "final copy 12.pdf")
    put(drop, "Compstat 2099-01-04.pdf")
    put(drop, "Compstat 2024-03-24.pdf", "this")
    put(drop, "Compstat 3.24.24.pdf", "or that")
    report = run()
    assert outcomes(report) == {
        "final copy 12.pdf": "report_period",
        "Compstat 2099-01-04.pdf": "report_future",
        "Compstat 2024-03-24.pdf": "report_twice",
        "Compstat 3.24.24.pdf": "report_twice",
    }
    assert (editions(), public()) == ([], set())
    assert private() == [".pdf"] * 4 + [".webp"] * 4
    assert outcomes(run()) == outcomes(report)


def test_a_period_that_only_the_first_page_says_is_read_there(drop):
    put(drop, "final copy 12.pdf", "Compstat", "Period: Mar 18 to Mar 24, 2024")
    assert run().added == 1
    assert editions()[0].period_end == MARCH_24


@pytest.mark.skipif(not ocr.is_installed(), reason="ocrmypdf is not on this machine")
def test_scanned_pages_are_read_where_the_site_wants_it(drop, ckan_config, monkeypatch):
    drawn(drop / "Compstat 2024-03-17.pdf", scan("Larceny by beat", "Umberdale 12"))
    run()
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.reports_ocr", True)
    drawn(drop / "Compstat 2024-03-24.pdf", scan("Larceny by beat", "Umberdale 14"))
    run()
    with psycopg.connect(config.read_dsn()) as connection:
        pages = connection.execute("SELECT origin, text FROM public._cpdi_report_page ORDER BY period_end").fetchall()
    assert pages == [("none", ""), ("ocr", "Larceny by beat\nUmberdale 14")]


def test_what_is_no_pdf_is_refused_in_words_and_known_the_next_time(drop):
    (drop / "Compstat 2024-03-24.pdf").write_text(
        "<!DOCTYPE html><html><title>Sign in to the file server</title></html>"
    )
    (drop / "Compstat 2024-03-17.pdf").write_bytes(b"%PDF-1.7\nand nothing more")
    report = run()
    assert outcomes(report) == {"Compstat 2024-03-24.pdf": "pdf_html", "Compstat 2024-03-17.pdf": "pdf_damaged"}
    with config.store() as store:
        assert all(file.words and file.sha256 for file in store.reports.files(report.run))
    again = run()
    assert (report.state, again.state) == ("published", "unchanged")
    assert outcomes(again) == outcomes(report)
    assert outcomes(run(force=True)) == outcomes(report)


def test_a_copy_under_another_name_is_the_same_file(drop):
    put(drop, "Compstat 2024-03-24.pdf")
    (drop / "a copy.pdf").write_bytes((drop / "Compstat 2024-03-24.pdf").read_bytes())
    report = run()
    assert (report.added, report.unchanged) == (1, 1)
    assert len(editions()) == 1


def test_a_name_that_says_the_period_mends_a_report_that_waits_for_it(drop):
    put(drop, "final copy 12.pdf", "no word of a week")
    assert run().withheld == 1
    (drop / "final copy 12.pdf").rename(drop / "Compstat 2024-03-24.pdf")
    assert run().added == 1
    assert editions()[0].period_end == MARCH_24


def test_a_zip_is_as_good_as_a_folder_and_is_not_unpacked_again(folders, tmp_path):
    with zipfile.ZipFile(folders["drop"] / "all.zip", "w") as packed:
        for name in ("Compstat 2024-03-24.pdf", "Compstat 2024-03-17.pdf"):
            packed.write(put(tmp_path, name), name)
    assert run("drop:all.zip").added == 2
    assert run("drop:all.zip").unchanged == 2


def test_a_file_and_a_folder_that_the_operator_names_are_loaded(drop):
    path = put(drop, "Compstat 2024-03-24.pdf")
    assert run(str(path), trusted_path=True).added == 1
    assert run(str(drop), trusted_path=True).unchanged == 1


def test_a_place_without_anything_is_a_failed_run(folders):
    report = run("drop:nowhere")
    assert report.state == "failed"
    assert "There is no file of this name in the drop folder" in report.message


class Stop(BaseException):
    """What ends a process in the tests: no part of a run catches it."""


STEPS = {
    "before reports are stored": (Reports, "receive_all"),
    "before reports are published": (Reports, "publishing"),
    "before a file of theirs is public": (shelf, "_double"),
    "before their private files go": (shelf, "_delete_held"),
    "before the run ends": (Reports, "end"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [0, 1])
def test_a_run_that_was_stopped_anywhere_and_run_again_is_as_if_it_had_never_been(drop, monkeypatch, step, after):
    put(drop, "Compstat 2024-03-24.pdf")
    put(drop, "Compstat 2024-03-17.pdf")
    put(drop, "final copy 12.pdf")
    holder, name = STEPS[step]
    whole, calls = getattr(holder, name), []

    def stopping(*values, **more):
        calls.append(name)
        if len(calls) > after:
            raise Stop
        return whole(*values, **more)

    with monkeypatch.context() as patched:
        patched.setattr(holder, name, stopping)
        patched.setattr(reading, "TOGETHER", 2)
        with suppress(Stop):
            run()
    # Readers have all of a run's reports or none.
    assert len(editions()) in (0, 2)
    became = outcomes(run())
    assert became.pop("final copy 12.pdf") == "report_period"
    assert list(became.values()) in (["published"] * 2, ["unchanged"] * 2)
    assert [(edition.period_end, edition.edition) for edition in editions()] == [(MARCH_24, 1), (MARCH_17, 1)]
    assert public() == {"2024-03-24/1.pdf", "2024-03-24/1.webp", "2024-03-17/1.pdf", "2024-03-17/1.webp"}
    assert private() == [".pdf", ".webp"]
    with config.store() as store:
        last, *before = (run.state for run in store.ledger.runs(SERIES))
    # A run that was stopped behind its end has left nothing to do.
    assert last == ("unchanged" if "published" in before else "published")
    assert "running" not in before


def test_only_one_run_of_a_series_is_at_work(drop):
    with dataset_claim(SERIES), pytest.raises(DatasetBusy):
        run()


def test_staff_withdraw_a_report_for_good_and_the_edition_before_stands_again(drop):
    put(drop, "Compstat 2024-03-24.pdf", "first")
    run()
    put(drop, "Compstat 2024-03-24 corrected.pdf", "second")
    run()
    with config.store() as store:
        shelf.withdraw(store, editions()[0].id, "analyst", "a name")
    assert [(edition.edition, edition.present) for edition in editions()] == [(1, True)]
    assert public() == {"2024-03-24/1.pdf", "2024-03-24/1.webp"}
    assert outcomes(run()) == {
        "Compstat 2024-03-24.pdf": "unchanged",
        "Compstat 2024-03-24 corrected.pdf": "report_withdrawn",
    }


def test_files_that_somebody_deleted_or_left_are_put_right(drop):
    put(drop, "final copy 12.pdf")
    run()
    stray = report_files.public_file(config.files_path(), SERIES, "2024-03-24", 7)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"%PDF")
    run()
    assert not stray.exists()


def test_present_reports_are_resources_of_their_series_by_one_update(drop, portal):
    import ckan.plugins.toolkit as tk

    put(drop, "Compstat 2024-03-24.pdf", "first")
    put(drop, "Compstat 2024-03-17.pdf")
    run()
    assert kinds.follow(SERIES) == (False, True)
    assert kinds.follow(SERIES) == (False, False)
    ids = [resource["id"] for resource in tk.get_action("package_show")({}, {"id": SERIES})["resources"]]
    put(drop, "Compstat 2024-03-24 corrected.pdf", "second")
    run()
    kinds.follow(SERIES)
    resources = tk.get_action("package_show")({}, {"id": SERIES})["resources"]
    assert [resource["id"] for resource in resources] == ids
    newest = resources[0]
    assert newest["name"] == "Week from March 18, 2024, edition 2"
    assert newest["url"].endswith("/reports/compstat-reports/2024-03-24.pdf")
    assert (newest["format"], newest["url_type"], newest["pages"]) == ("PDF", "cpdi", 2)
    assert (newest["period_start"], newest["period_end"]) == ("2024-03-18", "2024-03-24")


def test_a_synthetic_report_is_refused_on_a_real_portal(drop, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    put(drop, "SAMPLE-compstat-2024-03-24.pdf")
    assert outcomes(run()) == {"SAMPLE-compstat-2024-03-24.pdf": "report_synthetic"}


def test_an_outcome_of_a_file_is_one_of_the_ledgers(drop):
    put(drop, "Compstat 2024-03-24.pdf")
    with config.store() as store:
        (file,) = store.reports.files(run().run)
    assert isinstance(file, FileOutcome)
    assert file.report == editions()[0].id
