"""The sample reports are synthetic, repeatable, and faulty in the ways that real series are."""

import csv
import hashlib
import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest

from ckanext.cpdi.declare import Profile, read_library, read_profile
from ckanext.cpdi.sample import write_reports
from ckanext.cpdi.sample.reports import last_reports
from ckanext.cpdi.sample.reports.blemishes import LEFT_IN, NO_PDF
from ckanext.cpdi.sample.reports.misprints import change, figures_of
from ckanext.cpdi.sample.reports.offences import Counts
from ckanext.cpdi.sample.reports.paper import NOTICE
from ckanext.cpdi.sample.reports.schedule import COMPSTAT, INVESTIGATIONS, SERIES, Faults, Report
from ckanext.cpdi.sample.reports.write import draw

ROOT = Path(__file__).parents[3]
ROWS, ARCHIVE = 60, 560
END = date(2026, 1, 1)


@pytest.fixture(scope="module")
def library():
    return read_library(ROOT / "schemas")


@pytest.fixture(scope="module")
def profile(library) -> Profile:
    return read_profile(ROOT / "profiles" / "charleston.yaml", library.classes)


@pytest.fixture(scope="module")
def folder(profile, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "reports"
    write_reports(path, profile, ROWS, seed=7)
    return path


@pytest.fixture(scope="module")
def index(folder) -> list[dict[str, str]]:
    with (folder / "index.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def texts(folder, index) -> dict[str, list[str]]:
    """The text of each page, by file."""
    files = [one["file"] for one in index if (folder / one["file"]).read_bytes() != NO_PDF]
    return {file: texts_of((folder / file).read_bytes()) for file in files}


def texts_of(data: bytes) -> list[str]:
    """The text of each page of a PDF."""
    with pdfium.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


@pytest.fixture(scope="module")
def archive() -> list[Report]:
    """The reports that ``ckan cpdi sample reports`` writes."""
    return last_reports(ARCHIVE, END)


def pages(report: Report, profile: Profile) -> list[str]:
    return texts_of(draw(report, profile, 1))


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(profile, tmp_path):
    for name, seed in (("a.zip", 1), ("b.zip", 1), ("c.zip", 2)):
        write_reports(tmp_path / name, profile, 5, seed=seed)
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.zip", "b.zip", "c.zip"))
    assert a == b
    assert a != c


def test_a_report_is_the_same_whatever_the_number_of_reports(folder, profile, tmp_path):
    write_reports(tmp_path, profile, 5, seed=7)
    for path in tmp_path.glob("*.pdf"):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_the_index_has_every_file_of_the_three_series_with_its_checksum(folder, index, library):
    assert list(index[0]) == ["series", "period_start", "period_end", "published", "file", "sha256"]
    assert len(index) == ROWS
    assert {one["series"] for one in index} == {one.name for one in library.datasets.values() if one.table is None}
    assert {one["file"] for one in index} | {"index.csv"} == {path.name for path in folder.iterdir()}
    for one in index:
        assert hashlib.sha256((folder / one["file"]).read_bytes()).hexdigest() == one["sha256"]


def test_reports_come_after_their_period_and_before_the_end(index):
    for one in index:
        assert one["period_start"] < one["period_end"] < one["published"] < "2026-01-01"
    assert [one["published"] for one in index] == sorted((one["published"] for one in index), reverse=True)


def test_weeks_run_from_monday_to_sunday_and_one_of_them_is_missing(profile):
    weeks = [one for one in last_reports(200, END) if one.series == COMPSTAT and one.edition == 1]
    assert all((one.start.isoweekday(), one.end.isoweekday()) == (1, 7) for one in weeks)
    steps = {later.start - earlier.start for later, earlier in pairwise(weeks)}
    assert steps == {timedelta(days=7), timedelta(days=14)}


def test_every_page_with_text_says_that_it_is_synthetic_and_every_file_is_called_sample(texts):
    assert all(name.startswith("SAMPLE") for name in texts)
    written = [page for pages in texts.values() for page in pages if page.strip()]
    assert [page for page in written if NOTICE not in page or "SAMPLE-" not in page] == []


def test_the_faults_of_real_series_are_there(folder, index, texts):
    readers = {file: pypdf.PdfReader(folder / file) for file in texts}
    faults = {
        "scanned page": lambda name: any(not page.strip() for page in texts[name]),
        "correction": lambda name: name.endswith("_rev2.pdf") and "Corrected edition" in texts[name][0],
        "other date form": lambda name: " " in name,
        "comment": lambda name: any("/Annots" in page for page in readers[name].pages),
        "covered text": lambda name: any("Q. Marrow" in page for page in texts[name]),
        "metadata": lambda name: "SAMPLE-SERVER" in str(readers[name].metadata["/Keywords"]),
        "attached file": lambda name: "SAMPLE-worksheet.csv" in readers[name].attachments,
        "no structure": lambda name: "/StructTreeRoot" not in readers[name].root_object,
        "structure": lambda name: "/StructTreeRoot" in readers[name].root_object,
        "month without a case": lambda name: any("No investigation" in page for page in texts[name]),
        "nothing to compare with": lambda name: any("n/c" in page for page in texts[name][:1]),
    }
    assert [name for name, is_there in faults.items() if not any(map(is_there, texts))] == []


def test_a_correction_replaces_a_figure_and_the_first_edition_stays(texts):
    corrected = next(name for name in texts if name.endswith("_rev2.pdf"))
    first = texts[corrected.replace("_rev2", "")]
    assert set(first[0].splitlines()) - set(texts[corrected][0].splitlines()) != set()


@pytest.mark.parametrize(
    ("current", "prior", "words"), [(3, 2, "+50%"), (0, 4, "-100%"), (2, 2, "0%"), (5, 0, "n/c"), (0, 0, "n/c")]
)
def test_nothing_is_compared_with_zero(current, prior, words):
    assert change(current, prior) == words


def test_the_29th_of_february_is_compared_with_the_28th(profile, tmp_path):
    write_reports(tmp_path, profile, 6, seed=1, end=date(2032, 3, 8))
    assert (tmp_path / "SAMPLE-compstat-2032-02-29.pdf").exists() or any(
        "02.29.32" in p.name for p in tmp_path.iterdir()
    )


def test_a_zip_file_holds_the_same(folder, profile, tmp_path):
    write_reports(tmp_path / "reports.zip", profile, ROWS, seed=7)
    with zipfile.ZipFile(tmp_path / "reports.zip") as packed:
        assert packed.testzip() is None
        assert {one: packed.read(one) for one in packed.namelist()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }
    assert [path.name for path in tmp_path.iterdir()] == ["reports.zip"]


def test_another_department_without_teams_has_reports_too(library, tmp_path):
    other = read_profile(ROOT / "profiles" / "burlington.yaml", library.classes)
    write_reports(tmp_path, other, 2, seed=1)
    first = texts_of(next(tmp_path.glob("*.pdf")).read_bytes())[0]
    assert other.agency.name.en in first


def test_no_reports_are_refused(profile, tmp_path):
    with pytest.raises(ValueError, match="at least one row"):
        write_reports(tmp_path / "none", profile, 0, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_the_archive_goes_back_eleven_years_with_every_fault_and_no_name_twice(archive):
    assert len({report.file for report in archive}) == ARCHIVE
    assert archive[-1].start.year == 2015
    assert {date(2020, 2, 29), date(2024, 2, 29)} <= {report.end for report in archive}
    weeks = {report.end for report in archive if report.series == COMPSTAT}
    assert any(end.isocalendar().week == 53 for end in weeks)
    assert any(start.year != end.year for start, end in ((end - timedelta(days=6), end) for end in weeks))
    shares = {
        fault: sum(getattr(report.faults, fault) for report in archive if report.edition == 1) / ARCHIVE
        for fault in Faults.__dataclass_fields__
        if fault not in ("missing", "untagged")
    }
    assert {fault: share for fault, share in shares.items() if not 0.003 < share < 0.2} == {}


def test_a_series_alone_goes_back_as_far_as_is_asked(archive):
    alone = last_reports(ARCHIVE, END, COMPSTAT)
    assert {report.series for report in alone} == {COMPSTAT}
    assert len(alone) == ARCHIVE
    assert alone[-1].start.year == 2015
    assert alone[:100] == [report for report in archive if report.series == COMPSTAT][:100]


def test_a_phrase_stands_on_page_3_of_a_report_and_in_no_other(archive, profile):
    first_editions = [report for report in archive if report.edition == 1]
    assert len({report.phrase for report in first_editions}) == len(first_editions)
    for series in SERIES:
        report = next(report for report in archive if report.series == series and report.edition == 1)
        written = pages(report, profile)
        assert [report.phrase in " ".join(page.split()) for page in written] == [at == 2 for at in range(len(written))]


def test_an_unreadable_period_stands_nowhere_and_a_mislabelled_file_is_no_pdf(archive, profile):
    unreadable = next(report for report in archive if report.faults.unreadable)
    text = "\n".join(pages(unreadable, profile))
    for form in ("%Y", "%b %d", "%B %d", "%m/%d"):
        assert f"{unreadable.end:{form}}" not in text + unreadable.file
    mislabelled = next(report for report in archive if report.faults.mislabelled)
    assert not draw(mislabelled, profile, 1).startswith(b"%PDF")


def test_a_name_and_a_telephone_number_are_left_in_a_text(archive, profile):
    report = next(report for report in archive if report.faults.named)
    assert LEFT_IN in " ".join(" ".join(pages(report, profile)).split())


def test_figures_of_the_year_before_are_those_that_its_own_report_gives(archive):
    counts = Counts(1, 5)
    weeks = {report.end: report for report in archive if report.series == COMPSTAT and not report.wrong}
    right = {end: report for end, report in weeks.items() if not report.faults.misprinted}
    pairs = [(end, end - timedelta(days=364)) for end in right if end - timedelta(days=364) in right]
    assert len(pairs) > 200
    for end, before in pairs:
        now, then = figures_of(counts, right[end]).counts, figures_of(counts, right[before]).counts
        assert (now[:2, 1] == then[:2, 0]).all()


def test_a_first_edition_is_wrong_in_each_of_four_ways(archive):
    counts = Counts(1, 5)
    wrong: set[str] = set()
    for report in (report for report in archive if report.series == COMPSTAT and report.wrong):
        printed = figures_of(counts, report)
        right = figures_of(counts, replace(report, edition=2))
        different = printed.counts != right.counts
        adds_up = (printed.counts[:, :, 0] == printed.counts[:, :, 1:].sum(axis=2)).all()
        if printed.changes:
            wrong.add("change")
        elif not adds_up:
            wrong.add("sum")
        else:
            wrong.add("prior" if different[:, 1].any() else "current")
    assert wrong == {"change", "sum", "prior", "current"}


def test_reports_have_about_ten_pages(texts):
    sizes = [len(written) for written in texts.values()]
    assert 9 < sum(sizes) / len(sizes) < 12


def test_a_tagged_report_says_what_its_headings_tables_and_charts_are(archive, profile):
    report = next(report for report in archive if report.series == COMPSTAT and not report.faults.untagged)
    reader = pypdf.PdfReader(io.BytesIO(draw(report, profile, 1)))
    assert reader.root_object["/Lang"] == "en-US"
    elements = list(walk(reader.root_object["/StructTreeRoot"]["/K"].get_object()))
    kinds = Counter(element["/S"] for element in elements)
    assert kinds["/Table"] >= 14
    assert kinds["/TD"] > kinds["/TH"] > kinds["/TR"] > kinds["/H2"] > 10
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert figures
    assert all("/Alt" in figure for figure in figures)


def walk(element):
    yield element
    parts = element.get("/K", [])
    for part in parts if isinstance(parts, list) else []:
        yield from walk(part.get_object())


def test_months_have_narratives_of_their_cases(archive, profile):
    report = next(report for report in archive if report.series == INVESTIGATIONS and not report.wrong)
    text = "\n".join(pages(report, profile))
    cases = set(re.findall(r"SAMPLE-IA-\d{6}-\d", text))
    assert cases
    assert all(f"Case {case}" in text for case in cases)
