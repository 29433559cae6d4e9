"""Faults of printed figures as staff read them: where they stand, what is printed, what it should be, why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from ckanext.cpdi.declare import read_library
from ckanext.cpdi.reports.tables import Fault
from ckanext.cpdi.reports.tables.fault import Kind
from ckanext.cpdi.site.reports.faults import count, describe

TABLE = read_library(Path(__file__).parents[3] / "schemas").datasets["compstat-figures"]
ROW = ("Team 2", "other_larceny", "week")


def shown(fault: Fault, language: str = "en", edition: int = 1):
    report = {
        "series": "compstat-reports",
        "period_start": date(2024, 3, 18),
        "period_end": date(2024, 3, 24),
        "edition": edition,
        "held": 6,
        "faults": [msgspec.structs.asdict(fault)],
    }
    (described,) = describe([report], TABLE, language)
    return described


def line(fault: Fault, language: str = "en"):
    (one,) = shown(fault, language).faults
    return one


def test_a_fault_has_its_place_both_figures_and_a_link_to_the_page():
    report = shown(Fault("sum", 5, *ROW, "current", "1012", ("1014",)), edition=2)
    assert (report.title, report.held) == ("Week of 18–24 Mar 2024, edition 2", "6 figures are not published")
    (one,) = report.faults
    assert one.pdf == "/reports/compstat-reports/2024-03-24/2.pdf#page=5"
    assert (one.row, one.column) == ("Team 2, Other larceny", "Week, Current")
    assert (one.printed, one.expected) == ("1,012", "1,014")


def test_all_of_it_is_in_spanish():
    one = line(Fault("sum", 5, *ROW, "current", "1012", ("1014",)), "es")
    assert (one.row, one.column) == ("Team 2, Otros hurtos", "Semana, Actual")
    assert (one.printed, one.expected, one.why) == ("1.012", "1.014", "Las zonas no suman esta cifra")


@pytest.mark.parametrize(
    ("fault", "printed", "expected"),
    [
        (
            Fault("change", 1, *ROW, "change", "-38.0", ("-37.5", "-37.6")),
            "-38.0\xa0%",
            "-37.5\xa0% or -37.6\xa0%",
        ),
        (Fault("change", 1, *ROW, "change", "100.0", ("",)), "100.0\xa0%", "not calculated"),
        (Fault("longer", 1, *ROW, "current", "3", ("2",), "28_days"), "3", "at most 2"),
        (Fault("no_total", 1, *ROW, "current", "", ("12",)), "not found", "12"),
        (Fault("cells", 1, *ROW[:2], "", "", "5", ("6",)), "5 figures", "6 figures"),
        (Fault("no_number", 1, *ROW, "prior", "1,01"), "1,01", ""),
        (Fault("no_change", 1, *ROW, "change", "soon"), "soon", ""),
    ],
)
def test_both_figures_are_in_words(fault, printed, expected):
    assert (line(fault).printed, line(fault).expected) == (printed, expected)


def test_each_kind_has_its_words_with_what_it_was_compared_with():
    for language in ("en", "es"):
        said = {line(Fault(kind, 1, *ROW, "current", "3", ("2",), "9"), language).why for kind in get_args(Kind)}
        assert len(said) == len(get_args(Kind))
    assert "28 days" in line(Fault("longer", 1, *ROW, "current", "3", ("2",), "28_days")).why


def test_held_figures_are_counted_by_series():
    reports = [{"series": name, "held": held} for name, held in (("a", 2), ("a", 3), ("b", 0))]
    assert count(reports) == {"a": 5, "b": 0}
