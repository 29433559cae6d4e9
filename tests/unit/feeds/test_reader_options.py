"""Options of readers: declared by the reader, given by the profile, checked when the profile is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.cpdi import registry
from ckanext.cpdi.declare import DeclarationError, Feed, read_library, read_profile
from ckanext.cpdi.feeds.options import read_options
from ckanext.cpdi.feeds.reader import check_options

ROOT = Path(__file__).parents[3]
CALLS = "calls-for-service"
AT = f"datasets.{CALLS}.options"
WIDTHS = {"id": 4, "street": 10}


@pytest.fixture
def reader(monkeypatch):
    """The reader of the example extension, as the portal knows it."""
    monkeypatch.syspath_prepend(str(ROOT / "tests/extension"))
    from cpdi_example import fixed_width

    registry.ask(lambda kind: [fixed_width.FixedWidth] if kind == "readers" else [])
    yield fixed_width
    registry.ask(lambda _kind: [])


@pytest.fixture
def said(reader, tmp_path):
    """Return what is said of a profile whose feed has these options."""

    def read(options: object) -> str:
        shipped = (ROOT / "profiles/charleston.yaml").read_text(encoding="utf-8")
        raw: dict[str, Any] = yaml.safe_load(shipped.replace("charleston/", f"{ROOT}/profiles/charleston/"))
        raw["datasets"][CALLS]["options"] = options
        path = tmp_path / "town.yaml"
        path.write_text(yaml.safe_dump(raw), encoding="utf-8")
        library = read_library(ROOT / "schemas")
        try:
            check_options(read_profile(path, library.classes, library.datasets), path)
        except DeclarationError as error:
            return str(error).removeprefix(f"{path}: ")
        return ""

    return read


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fixed-width": {"widths": WIDTHS}}, ""),
        (
            {"fixed_widths": {}},
            f"{AT}: 'fixed_widths' is not known here; did you mean fixed-width? There are ",
        ),
        (
            {"fixed-width": {}},
            f"{AT}.fixed-width: widths is missing (column → characters, in the order of the file)",
        ),
        (
            {"fixed-width": {"width": WIDTHS}},
            f"{AT}.fixed-width: 'width' is not known here; did you mean widths? There are widths",
        ),
        (
            {"fixed-width": {"widths": {"id": "4"}}},
            f"{AT}.fixed-width.widths.id: 4 is no whole number without quotation marks",
        ),
        ({"fixed-width": {"widths": {"id": 0}}}, f"{AT}.fixed-width.widths.id: 0 is less than 1"),
        ({"csv": {"widths": WIDTHS}}, f"{AT}.csv: 'widths' is not known here; there are none"),
        ({"fixed-width": [4, 10]}, f"{AT}.fixed-width: is no mapping of names to what they mean"),
    ],
)
def test_an_option_that_does_not_fit_is_refused_with_its_place(said, options, message):
    assert said(options).startswith(message)
    assert bool(said(options)) == bool(message)


def test_the_reader_reads_by_its_options(reader, read):
    lines = "1   Main St   \r\n2   Ñandú Way \r\n\r\n3   Short\r\n4   Last"
    table = read(lines.encode(), "calls.txt", options={"fixed-width": {"widths": WIDTHS}})
    assert table.headers == ("id", "street")
    assert table.rows == [("1", "Main St"), ("2", "Ñandú Way")]
    assert (table.lines, table.rejected) == ([1, 2], [(4, "row_width"), (5, "row_width")])


def test_without_its_options_the_reader_takes_nothing(reader, read):
    assert read(b"id,street\n1,Main St\n").rows == [("1", "Main St")]


def test_a_reader_that_asks_for_what_nobody_said_ends_in_words(reader):
    with pytest.raises(DeclarationError, match=r"options\.fixed-width: widths is missing \(column"):
        read_options(Feed(), "fixed-width", reader.Columns)
