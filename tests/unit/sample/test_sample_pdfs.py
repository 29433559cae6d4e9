"""The sample reports are synthetic, repeatable, and faulty in the ways that real series are."""

import csv
import hashlib
import zipfile
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest

from ckanext.cpdi.declare import Profile, read_library, read_profile
from ckanext.cpdi.sample import write_reports
from ckanext.cpdi.sample.reports.compstat import change
from ckanext.cpdi.sample.reports.paper import NOTICE
from ckanext.cpdi.sample.reports.schedule import COMPSTAT, last_reports

ROOT = Path(__file__).parents[3]
ROWS = 60


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
    return {one["file"]: [page.extract_text() for page in pypdf.PdfReader(folder / one["file"]).pages] for one in index}


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
    weeks = [one for one in last_reports(200, date(2026, 1, 1)) if one.series == COMPSTAT and one.edition == 1]
    assert all((one.start.isoweekday(), one.end.isoweekday()) == (1, 7) for one in weeks)
    steps = {later.start - earlier.start for later, earlier in pairwise(weeks)}
    assert steps == {timedelta(days=7), timedelta(days=14)}


def test_every_page_with_text_says_that_it_is_synthetic_and_every_file_is_called_sample(texts):
    assert all(name.startswith("SAMPLE") for name in texts)
    pages = [page for pages in texts.values() for page in pages if page.strip()]
    assert [page for page in pages if NOTICE not in page or "SAMPLE-" not in page] == []


def test_the_faults_of_real_series_are_there(folder, index, texts):
    readers = {one["file"]: pypdf.PdfReader(folder / one["file"]) for one in index}
    faults = {
        "scanned page": lambda name: any(not page.strip() for page in texts[name]),
        "correction": lambda name: name.endswith("_rev2.pdf") and "Corrected edition" in texts[name][0],
        "other date form": lambda name: " " in name,
        "comment": lambda name: any("/Annots" in page for page in readers[name].pages),
        "covered text": lambda name: any("Q. Marrow" in page for page in texts[name]),
        "metadata": lambda name: "SAMPLE-SERVER" in str(readers[name].metadata["/Keywords"]),
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
    first = pypdf.PdfReader(next(tmp_path.glob("*.pdf"))).pages[0].extract_text()
    assert other.agency.name.en in first


def test_no_reports_are_refused(profile, tmp_path):
    with pytest.raises(ValueError, match="at least one row"):
        write_reports(tmp_path / "none", profile, 0, seed=1)
    assert list(tmp_path.iterdir()) == []
