"""dBASE tables, the attributes of a Shapefile: fixed widths, found from the rows, so that no byte is idle.

In: frames with the columns of a table, instants as text. Out: the bytes of records, and of the header before them.
"""

# pyarrow has no type stubs: what it returns is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportUnknownParameterType=false

from __future__ import annotations

import struct
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from ckanext.cpdi.declare import Field
from ckanext.cpdi.publish.rows.offset import DAY, UTC_OFFSET

LONGEST = 254
"""Bytes that a text may have; longer ones are cut between two characters."""
DECIMALS = 15
WIDEST_NUMBER = 32
_DAY_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9]
"""Where the digits of a day stand in the text of the instant before it."""
Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


@dataclass(slots=True)
class Column:
    """One column: dBASE's type letter, bytes a cell, and of these the digits after the point."""

    field: Field
    kind: str
    width: int = 1
    decimals: int = 0
    whole: int = 1
    numbers: set[float] = dataclass_field(default_factory=set[float])
    """Those that were measured: places repeat from batch to batch."""
    texts: dict[float, bytes] = dataclass_field(default_factory=dict[float, bytes])
    """How numbers are written, by then."""

    @classmethod
    def of(cls, field: Field) -> Column:
        """Return the column for ``field``, as narrow as may be; :meth:`measure` widens it."""
        kinds = {"boolean": "L", "date": "D", "number": "N", "integer": "N"}
        widths = {"date": 8, "datetime": 19, "number": 3}
        # A number keeps a decimal even where there is no value: GDAL would call the column an integer.
        width = 6 if field == UTC_OFFSET else widths.get(field.type, 1)
        return cls(field, kinds.get(field.type, "C"), width, int(field.type == "number"))

    def measure(self, frame: pl.DataFrame) -> None:
        """Widen the column so that the values of ``frame`` fit."""
        if self.field.type == "string":
            longest = frame.get_column(self.field.name).str.len_bytes().max()
            self.width = max(self.width, min(LONGEST, _integer(longest)))
        elif self.kind == "N":
            self._measure_numbers(frame.get_column(self.field.name).drop_nulls().unique())

    def _measure_numbers(self, values: pl.Series) -> None:
        """Widen the column for these numbers: their whole part with its sign, and their decimals."""
        if values.is_empty():
            return
        if self.field.type == "integer":
            self.width = max(self.width, _integer(values.cast(pl.String).str.len_bytes().max()))
            return
        new = [value for value in values.to_list() if value not in self.numbers]
        self.numbers.update(new)
        texts = [f"{value:.{DECIMALS}f}" if abs(value) < 1e-4 else str(value) for value in new]
        self.decimals = max([self.decimals, 1, *(len(_trim(text).partition(".")[2]) for text in texts)])
        self.whole = max([self.whole, *(len(f"{value:.0f}") + 1 for value in new)])
        self.decimals = min(self.decimals, DECIMALS)
        self.width = min(self.whole + 1 + self.decimals, WIDEST_NUMBER)

    def cells(self, frame: pl.DataFrame) -> Bytes:
        """Return one line of ``width`` bytes a row."""
        values = frame.get_column(self.field.name)
        if self.kind == "L":
            values = values.replace_strict({True: "T", False: "F"}, default="?", return_dtype=pl.String)
        elif self.kind == "D":
            values = values.dt.strftime("%Y%m%d")
        elif self.field.type == "integer":
            values = values.cast(pl.String)
        if values.dtype == pl.String and values.null_count() == 0 and values.str.len_bytes().eq(self.width).all():
            return _lines(values.str.join("").item().encode(), self.width)
        return self._repeated(values)

    def _repeated(self, values: pl.Series) -> Bytes:
        """Return the cells of ``values``, each different one written once."""
        codes = values.to_arrow(compat_level=pl.CompatLevel.oldest()).dictionary_encode()
        if self.field.type == "number":
            cells = _lines(b"".join(map(self._number, codes.dictionary.to_pylist())), self.width)
        else:
            cells = _padded(codes.dictionary, self.width, right=self.kind == "N")
        cells = np.vstack([cells, np.full((1, self.width), ord(" "), np.uint8)])
        return cells[codes.indices.fill_null(len(cells) - 1).to_numpy()]

    def _number(self, value: float) -> bytes:
        """Return ``value`` as a cell with the column's decimals; with an exponent where it is too long."""
        if value not in self.texts:
            text = f"{value:.{self.decimals}f}"
            short = text if len(text) <= self.width else f"{value:.{self.width - 8}e}"
            self.texts[value] = short.encode().rjust(self.width)
        return self.texts[value]


def header(columns: list[Column], rows: int, changed: date) -> bytes:
    """Return the header of a table of ``rows`` records; the text's encoding stands in a file beside it."""
    day = (changed.year - 1900, changed.month, changed.day)
    head = struct.pack("<4BIHH20x", 3, *day, rows, 33 + 32 * len(columns), record_size(columns))
    described = (
        struct.pack(
            "<11sc4xBB14x", column.field.shapefile.encode(), column.kind.encode(), column.width, column.decimals
        )
        for column in columns
    )
    return head + b"".join(described) + b"\r"


def record_size(columns: list[Column]) -> int:
    """Return the bytes of one record: a mark and the cells."""
    return 1 + sum(column.width for column in columns)


def records(columns: list[Column], frame: pl.DataFrame) -> bytes:
    """Return the records of ``frame``, none of them marked as deleted."""
    table = np.full((frame.height, record_size(columns)), ord(" "), dtype=np.uint8)
    start, cells = 1, table
    for column in columns:
        end = start + column.width
        table[:, start:end] = cells[:, _DAY_DIGITS] if column.field.source == DAY else column.cells(frame)
        cells = table[:, start:end]
        start = end
    return table.tobytes()


def _padded(texts: Any, width: int, right: bool) -> Bytes:  # noqa: ANN401  a pyarrow.LargeStringArray, which is untyped
    """Return each of ``texts``, none of them null, as ``width`` bytes; what is longer is cut between two characters."""
    ends = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset :][: len(texts) + 1]
    sizes = np.diff(ends)
    if len(texts) and sizes.max() > width:
        cut = [text.encode()[:width].decode(errors="ignore") for text in texts.to_pylist()]
        return _padded(pa.array(cut, pa.large_string()), width, right)
    cells = np.full((len(texts), width), ord(" "), np.uint8)
    places = np.arange(width)
    filled = places >= (width - sizes)[:, None] if right else places < sizes[:, None]
    if ends[-1] > ends[0]:
        cells[filled] = np.frombuffer(texts.buffers()[2], np.uint8)[ends[0] : ends[-1]]
    return cells


def _lines(content: bytes, width: int) -> Bytes:
    """Return ``content`` as lines of ``width`` bytes."""
    return np.frombuffer(content, dtype=np.uint8).reshape(-1, width)


def _trim(text: str) -> str:
    """Return a number's text without zeros at the end of its decimals."""
    return text.rstrip("0") if "." in text else text


def _integer(value: object) -> int:
    """Return ``value``, which Polars types loosely, as an integer; 0 for none."""
    return value if isinstance(value, int) else 0
