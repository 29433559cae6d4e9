"""Figures of printed tables are read by the places of the words; what does not add up is named and held."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.declare.tables.figures import Figures as Layout
from ckanext.cpdi.reports import Page, Word, examine
from ckanext.cpdi.reports.tables import (
    Fault,
    Figure,
    FigureLedger,
    ReportFaults,
    read_faults,
    read_figures,
    write_faults,
)
from ckanext.cpdi.sample.reports.offences import NAMES, WINDOWS, Counts
from ckanext.cpdi.sample.reports.schedule import COMPSTAT, last_reports
from ckanext.cpdi.sample.reports.write import draw

ROOT = Path(__file__).parents[3]
END = date(2025, 6, 15)
TEAMS = 5
SEED = 1


@pytest.fixture(scope="module")
def library():
    return read_library(ROOT / "schemas")


@pytest.fixture(scope="module")
def layout(library) -> Layout:
    return library.datasets["compstat-reports"].figures


@pytest.fixture(scope="module")
def sample(library, tmp_path_factory):
    """A function that returns the pages of the sample's report of a week."""
    profile = read_profile(ROOT / "profiles" / "charleston.yaml", library.classes)
    reports = [report for report in last_reports(700, date(2026, 1, 1), COMPSTAT) if not report.faults.mislabelled]
    folder = tmp_path_factory.mktemp("reports")

    def pages(end: date, *, wrong: bool = False) -> tuple[Page, ...]:
        report = next(report for report in reports if report.end == end and report.wrong == wrong)
        (folder / "source.pdf").write_bytes(draw(report, profile, SEED))
        return examine(folder / "source.pdf", folder / "clean.pdf", folder / "first.webp").pages

    return pages


OTHER = msgspec.convert(
    {
        "dataset": "compstat-figures",
        "title": "Precinct (?P<area>[0-9]{1,2}|total)",
        "total": "City",
        "areas": {"total": "City", "1": "First", "2": "Second"},
        "windows": {"Week to Date": "week", "28 Day": "28_days"},
        "columns": {"current": ["{year}"], "prior": ["{year_before}"], "change": ["% Chg"]},
        "not_calculated": ["***.*", "-"],
        "offences": {"Murder": "murder", "Gr. Larceny": "other_larceny"},
    },
    Layout,
)
"""Another department's tables: years above the columns, two windows, cells in the middle of their columns."""

ROWS = {
    "total": [
        ("Murder", "1", "0", "***.*", "2", "2", "0.0"),
        ("Gr. Larceny", "1,012", "1,000", "1.2", "4,000", "2,000", "100.0"),
    ],
    "1": [
        ("Murder", "0", "0", "***.*", "1", "1", "0.0"),
        ("Gr. Larceny", "1,000", "990", "1.0", "3,000", "1,500", "100.0"),
    ],
    "2": [("Murder", "1", "0", "***.*", "1", "1", "0.0"), ("Gr. Larceny", "12", "10", "20.0", "1,000", "500", "100.0")],
}


ROW = ("First", "other_larceny")


class Sheet:
    """A page being written in words; ``line`` places texts by their middles, with the height of a line of 10 points."""

    def __init__(self, number: int = 1) -> None:
        self.number, self.words, self.y = number, [], 100.0

    def line(self, *cells: tuple[float, str]) -> None:
        for middle, text in cells:
            parts, x = text.split(), middle - len(text) * 2.5
            for part in parts:
                self.words.append(Word(part, (x, self.y, x + len(part) * 5.0, self.y + 10.0)))
                x += len(part) * 5.0 + 2.5
        self.y += 14

    def table(self, title: str | None, rows, middles=(200, 240, 280, 360, 400, 440)) -> Sheet:
        if title:
            self.line((90, title))
        self.line((240, "Week to Date"), (400, "28 Day"))
        self.line((60, "Offense"), *zip(middles, ["2025", "2024", "% Chg"] * 2, strict=True))
        for label, *cells in rows:
            self.line((60, label), *((middle, cell) for middle, cell in zip(middles, cells, strict=True) if cell))
        self.line((60, "All figures are preliminary"))
        return self

    def page(self) -> Page:
        return Page(self.number, 612, 792, "", tuple(self.words), "text")


def other(rows=ROWS, at: int = 1) -> Page:
    sheet = Sheet(at)
    for title, table in rows.items():
        sheet.table(f"Precinct {title}", table)
    return sheet.page()


def changed(title: str, row: int, cell: int, text: str) -> dict[str, list[tuple[str, ...]]]:
    rows = {name: [list(line) for line in table] for name, table in ROWS.items()}
    rows[title][row][cell] = text
    return rows


def faults(figures) -> set[Fault]:
    return {held.fault for held in figures.held}


def keys(figures) -> set[tuple[str, str, str]]:
    return {held.key for held in figures.held}


@pytest.mark.parametrize(
    "end",
    [date(2021, 1, 3), date(2020, 12, 27), date(2024, 3, 3), date(2020, 3, 1), date(2025, 12, 7), date(2024, 1, 7)],
)
def test_each_figure_of_a_report_is_what_was_counted(sample, layout, end):
    """A week across New Year, week 53, weeks after a 29 February, and an ordinary one."""
    read = read_figures(sample(end), layout, end)
    assert (read.held, read.unread) == ((), ())
    counted = Counts(SEED, TEAMS).windows(end)
    names = dict(zip(("week", "28_days", "year_to_date"), range(len(WINDOWS)), strict=True))
    offences = list(layout.offences.values())
    assert len(read.figures) == (TEAMS + 1) * len(NAMES) * len(WINDOWS)
    for figure in read.figures:
        numbers = counted[names[figure.window], :, :, offences.index(figure.offence)]
        team = None if figure.area == "All teams" else int(figure.area.removeprefix("Team ")) - 1
        expected = numbers.sum(axis=1) if team is None else numbers[:, team]
        assert [figure.current, figure.prior] == expected.tolist()
        assert figure.page == (1 if team is None else 4 + team)
        assert (figure.change is None) == (figure.prior == 0)


def test_the_29th_of_february_is_compared_with_the_28th(library, layout, tmp_path):
    profile = read_profile(ROOT / "profiles" / "charleston.yaml", library.classes)
    report = next(report for report in last_reports(9, date(2032, 3, 8), COMPSTAT) if report.end == date(2032, 2, 29))
    (tmp_path / "a.pdf").write_bytes(draw(report, profile, SEED))
    pages = examine(tmp_path / "a.pdf", tmp_path / "b.pdf", tmp_path / "c.webp").pages
    figures = read_figures(pages, layout, report.end).figures
    year = sum(figure.prior for figure in figures if (figure.area, figure.window) == ("All teams", "year_to_date"))
    assert year == Counts(SEED, TEAMS).between(date(2031, 1, 1), date(2031, 2, 28)).sum()


def test_another_departments_layout_needs_no_code():
    read = read_figures([other()], OTHER, END)
    assert (read.held, read.unread) == ((), ())
    assert len(read.figures) == 12
    assert Figure("City", "other_larceny", "week", 1012, 1000, Decimal("1.2"), 1) in read.figures
    assert Figure("Second", "murder", "week", 1, 0, None, 1) in read.figures


def test_a_table_goes_on_over_the_page_under_its_headings_alone():
    first = Sheet(1).table("Precinct 1", ROWS["1"][:1])
    second = Sheet(2).table(None, ROWS["1"][1:])
    read = read_figures([first.page(), second.page()], msgspec.structs.replace(OTHER, total=""), END)
    assert {(figure.area, figure.offence, figure.page) for figure in read.figures} == {
        ("First", "murder", 1),
        ("First", "other_larceny", 2),
    }


def test_a_table_without_a_title_is_named_and_not_guessed():
    read = read_figures([Sheet(7).table(None, ROWS["1"]).page()], OTHER, END)
    assert read.figures == ()
    assert len(read.unread) == 2
    assert (read.unread[0].kind, read.unread[0].page, read.unread[0].offence) == ("no_title", 7, "murder")
    assert read.unread[0].printed.startswith("Murder 0 0")


def test_years_in_headings_are_those_of_the_report():
    assert read_figures([other()], OTHER, date(2024, 6, 16)).figures == ()


@pytest.mark.parametrize(
    ("cell", "text", "fault"),
    [
        (1, "", Fault("cells", 1, *ROW, "", "", "5", ("6",))),
        (1, "1,01", Fault("no_number", 1, *ROW, "week", "current", "1,01")),
        (5, "-4", Fault("no_number", 1, *ROW, "28_days", "prior", "-4")),
        (3, "soon", Fault("no_change", 1, *ROW, "week", "change", "soon")),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_page(cell, text, fault):
    read = read_figures([other(changed("1", 1, cell, text))], OTHER, END)
    assert read.unread == (fault,)
    assert not [figure for figure in read.figures if (figure.area, figure.offence) == ("First", "other_larceny")]


def test_a_sum_without_all_its_parts_is_held():
    read = read_figures([other(changed("1", 1, 1, ""))], OTHER, END)
    assert keys(read) == {
        (area, "other_larceny", window) for area in ("City", "Second") for window in ("week", "28_days")
    }


def test_areas_without_their_total_are_held():
    rows = {name: table for name, table in ROWS.items() if name != "total"}
    read = read_figures([other(rows)], OTHER, END)
    assert read.accepted == ()
    assert Fault("no_total", 1, "City", "other_larceny", "week", "current", "", ("1012",)) in faults(read)


def test_a_wrong_sum_holds_the_offence_in_all_areas_and_names_both_figures():
    read = read_figures([other(changed("2", 0, 1, "3"))], OTHER, END)
    assert keys(read) >= {(area, "murder", "week") for area in ("City", "First", "Second")}
    assert Fault("sum", 1, "City", "murder", "week", "current", "1", ("3",)) in faults(read)


@pytest.mark.parametrize(
    ("text", "is_held"),
    [("1.2", False), ("1.20", False), ("+1.2%", False), ("1", False), ("1.3", True), ("-", True), ("−1.2", True)],
)
def test_a_change_follows_from_its_figures_to_the_digits_that_are_printed(text, is_held):
    read = read_figures([other(changed("total", 1, 3, text))], OTHER, END)
    assert (("City", "other_larceny", "week") in keys(read)) == is_held


def test_nothing_is_compared_with_zero():
    read = read_figures([other(changed("2", 0, 3, "100.0"))], OTHER, END)
    assert faults(read) == {Fault("change", 1, "Second", "murder", "week", "change", "100.0", ("",))}


def test_halves_are_rounded_either_way():
    for text in ("12", "13"):
        rows = {"1": [("Murder", "9", "8", text, "9", "8", "12.5")]}
        assert read_figures([other(rows)], msgspec.structs.replace(OTHER, total=""), END).held == ()


def test_a_week_has_no_more_than_its_28_days():
    rows = {"1": [("Murder", "3", "1", "200.0", "2", "1", "100.0")]}
    read = read_figures([other(rows)], msgspec.structs.replace(OTHER, total=""), END)
    assert keys(read) == {("First", "murder", "week"), ("First", "murder", "28_days")}
    assert faults(read) == {Fault("longer", 1, "First", "murder", "week", "current", "3", ("2",), "28_days")}


def test_a_week_across_new_year_may_have_more_than_the_year(sample, layout):
    end = date(2022, 1, 2)
    read = read_figures(sample(end), layout, end)
    by_key = {figure.key: figure for figure in read.figures}
    larger = [
        key
        for key, figure in by_key.items()
        if key[2] == "28_days" and figure.current > by_key[*key[:2], "year_to_date"].current
    ]
    assert larger
    assert read.held == ()


def test_a_figure_that_stands_twice_in_two_ways_is_held():
    twice = [other(), other({"1": [("Murder", "1", "0", "-", "1", "1", "0.0")]}, at=2)]
    read = read_figures(twice, msgspec.structs.replace(OTHER, total=""), END)
    assert ("First", "murder", "week") in keys(read)
    assert Fault("twice", 2, "First", "murder", "week", "current", "1", ("0",), "1") in faults(read)


def test_other_tables_and_scanned_pages_have_no_figures(sample, layout):
    end = date(2025, 12, 7)
    pages = sample(end)
    assert len(pages) > 10
    assert {figure.page for figure in read_figures(pages, layout, end).figures} == {1, 4, 5, 6, 7, 8}
    assert read_figures([Page(1, 612, 792, "", (), "none")], layout, end).figures == ()


def of(end: date, current: int, prior: int, *, edition: int = 1, ledger: FigureLedger) -> bool:
    """Put a report with a table of one row into the ledger."""
    change = "-" if not prior else f"{100 * (current - prior) / prior:.1f}"
    rows = {"1": [("Murder", str(current), str(prior), change, str(current), str(prior), change)]}
    layout = msgspec.structs.replace(
        OTHER, total="", columns=msgspec.structs.replace(OTHER.columns, current=("2025",), prior=("2024",))
    )
    return ledger.put(read_figures([other(rows)], layout, end), edition)


def test_a_corrected_edition_takes_the_place_of_the_one_before_and_not_the_other_way_round():
    ledger = FigureLedger()
    assert of(END, 5, 4, edition=2, ledger=ledger)
    assert not of(END, 6, 4, edition=1, ledger=ledger)
    assert feed(ledger)[0][5:7] == ["5", "4"]
    assert of(END, 7, 4, edition=3, ledger=ledger)
    assert [line[8] for line in feed(ledger)] == ["3", "3"]
    ledger.remove(END)
    assert feed(ledger) == []


def test_a_prior_figure_is_that_of_the_report_of_the_year_before_or_held_until_it_is():
    ledger, before = FigureLedger(), END - timedelta(days=364)
    of(END, 5, 4, ledger=ledger)
    assert ledger.held() == {}
    of(before, 3, 2, ledger=ledger)
    (held, _) = ledger.held()[END]
    assert held.fault == Fault("year_before", 1, "First", "murder", "week", "prior", "4", ("3",), "1")
    assert [line[1] for line in feed(ledger)] == [str(before)] * 2
    of(before, 4, 2, edition=2, ledger=ledger)
    assert ledger.held() == {}
    assert len(feed(ledger)) == 4


def test_the_ledger_is_the_same_after_it_was_saved(tmp_path):
    ledger = FigureLedger()
    of(END, 5, 0, ledger=ledger)
    of(END - timedelta(days=7), 5, 4, ledger=ledger)
    ledger.save(tmp_path / "new" / "figures.json")
    path = tmp_path / "new" / "figures.json"
    assert path.stat().st_mode & 0o777 == 0o600
    again = FigureLedger.read(path)
    assert again.feed() == ledger.feed()
    assert FigureLedger.read(tmp_path / "none.json").feed().count("\n") == 1
    assert FigureLedger.read(path, "another way of reading").sources == {}
    path.write_text("{")
    assert FigureLedger.read(path).sources == {}


def test_a_wrong_first_edition_is_held_and_its_correction_published(sample, layout):
    end = date(2025, 10, 12)
    ledger = FigureLedger()
    ledger.put(read_figures(sample(end, wrong=True), layout, end), 1)
    assert {held.key[1:] for held in ledger.held()[end]} == {("other_larceny", "week")}
    ledger.put(read_figures(sample(end), layout, end), 2)
    assert ledger.held() == {}
    assert len(feed(ledger)) == 198


def test_faults_of_a_ledger_are_kept_once_each_by_report_the_latest_first(tmp_path):
    ledger = FigureLedger()
    wrong = changed("2", 0, 1, "3")
    wrong["1"][1][1] = "1,01"
    for end, rows in ((END - timedelta(days=7), wrong), (END, ROWS), (END + timedelta(days=7), wrong)):
        ledger.put(read_figures([other(rows)], OTHER, end), 2)
    late, early = ledger.faults()
    assert (late.end, late.edition, early.end) == (END + timedelta(days=7), 2, END - timedelta(days=7))
    assert [fault.kind for fault in late.faults].count("no_number") == 1
    assert len(late.faults) == len(set(late.faults))
    assert late.held == len({held.key for held in ledger.held()[late.end]})
    path = tmp_path / "new" / "faults.json"
    assert read_faults(path) == ()
    write_faults(path, ledger.faults())
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_faults(path) == (late, early)
    assert isinstance(read_faults(path)[0], ReportFaults)
    path.write_text("{")
    assert read_faults(path) == ()


def feed(ledger: FigureLedger) -> list[list[str]]:
    return [line.split(",") for line in ledger.feed().splitlines()[1:]]
