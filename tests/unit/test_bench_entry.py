"""What ``make bench`` says of a figure beside its floor and its peer."""

import json
from pathlib import Path

import pytest

from bench.entry import Beside, Entry, Missing, table, write_json


@pytest.mark.parametrize(
    ("value", "floor", "peer", "bar", "reached"),
    [
        (10, Beside("sql", 20, 1.0), Beside("xloader", 50, 0.24), None, True),
        (20, Beside("sql", 20, 1.0), Beside("xloader", 50, 0.24), None, False),  # one of two bars
        (10, Beside("sql", 5), Beside("xloader", 100, 0.24), None, True),  # a floor without a bar is information
        (10, Beside("sql", 0, 1.0), None, None, False),  # nothing to divide by is no success
        (700, None, None, 650, False),
        (650, None, None, 650, True),
        (3, Beside("sql", 2), None, None, None),
    ],
)
def test_entry_holds_every_bar_that_it_has(value, floor, peer, bar, reached):
    assert Entry("load", value, "s", floor, peer, bar).reached is reached


def test_file_has_figure_floor_ratio_and_verdict(tmp_path: Path):
    write_json([Entry("load", 10, "s", Beside("sql", 20, 1.0), None)], tmp_path / "bench.json")
    (entry,) = json.loads((tmp_path / "bench.json").read_text())
    floor = {"name": "sql", "value": 20, "bar": 1.0, "ratio": 0.5, "reached": True}
    assert entry == {
        "name": "load",
        "value": 10,
        "unit": "s",
        "bar": None,
        "least": False,
        "floor": floor,
        "peer": None,
        "reached": True,
    }


def test_bar_may_be_the_least():
    assert Entry("answers", 250, "requests/s", bar=200, least=True).reached is True
    slow = Entry("answers", 150, "requests/s", bar=200, least=True)
    assert slow.reached is False
    assert table([slow]).splitlines()[1].split() == "answers 150 requests/s ≥ 200 NO".split()


def test_what_was_not_measured_is_told_in_table_and_file(tmp_path: Path):
    missing = Missing("tiles", "Martin is not installed")
    assert table([Entry("load", 10, "s"), missing]).splitlines()[-1] == "not measured: tiles: Martin is not installed"
    write_json([missing], tmp_path / "bench.json")
    told = {"name": "tiles", "value": None, "reached": None, "why": "Martin is not installed"}
    assert json.loads((tmp_path / "bench.json").read_text()) == [told]


def test_table_names_what_was_missed():
    entry = Entry("load", 30, "s", Beside("sql", 20, 1.0), Beside("xloader", 100, 0.24))
    told = "load 30.00 s sql 20.00 1.50 1.00 xloader 100 0.30 0.24 NO"
    assert table([entry]).splitlines()[1].split() == told.split()
