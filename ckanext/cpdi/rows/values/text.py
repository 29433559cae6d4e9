"""Text as feeds bring it, made plain: no blanks at the ends, NFC, no control characters, nulls as null.

In: a batch of text columns. Out: :class:`Texts`, the same texts under the names of inputs.
"""

# Arrow comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.values.headers import Mapping
from ckanext.cpdi.rows.verdicts import Verdicts, truths

LONGEST_CELL = 131_072
_BREAKS = r"[\t\n\v\f\r\x{85}\x{a0}\x{2028}\x{2029}]+"
_CONTROLS = r"\p{C}+"
_BLANK, _DELETE = 0x20, 0x7F


@dataclass(frozen=True)
class Texts:
    """``columns``: texts by input, null for none. ``flags``: columns that decide the class, by their declared header,
    with nulls as empty texts: the profile names every value of them, the empty one too.
    """

    columns: dict[str, pl.Series]
    flags: dict[str, pl.Series]


def read_texts(frame: pl.DataFrame, mapping: Mapping, nulls: tuple[str, ...], verdicts: Verdicts) -> Texts:
    """Return the mapped columns of ``frame``; of several headers of one input, the first with a text counts.

    Rows with a NUL byte or a cell that is too long are quarantined (``nul_byte``, ``cell_too_long``).
    """
    empty = ("", *nulls)
    columns: dict[str, pl.Series] = {}
    for name, headers in mapping.columns.items():
        texts = [_read(frame[header], name, verdicts, empty) for header in headers]
        for text in texts[1:]:
            texts[0] = texts[0].zip_with(texts[0].is_not_null(), text)
        columns[name] = texts[0].alias(name)
    flags = {flag: _read(frame[header], flag, verdicts).fill_null("") for flag, header in mapping.flags.items()}
    return Texts(columns, flags)


def clean(column: pl.Series) -> pl.Series:
    """Return texts in NFC, trimmed, line breaks and tabs as blanks, other control characters left out."""
    return _trimmed(column, _Octets.of(column))


def _read(column: pl.Series, name: str, verdicts: Verdicts, empty: tuple[str, ...] = ()) -> pl.Series:
    """Return the plain texts of one column of the feed, those that are ``empty`` as null."""
    column = column.cast(pl.String)
    octets = _Octets.of(column)
    if octets.lengths.max(initial=0) > LONGEST_CELL:
        long = truths(column.str.len_chars() > LONGEST_CELL)
        verdicts.quarantine(long, "cell_too_long", name)
        column = column.set(pl.Series(long), None)
        octets = _Octets.of(column)
    if not octets.are_plain:
        verdicts.quarantine(truths(column.str.contains("\0", literal=True)), "nul_byte", name)
    trimmed = _trimmed(column, octets)
    if trimmed is not column:
        return trimmed.set(_are(trimmed, empty), None)
    return _without(column, octets, empty)


def _without(column: pl.Series, octets: _Octets, empty: tuple[str, ...]) -> pl.Series:
    """Return plain texts, those that are ``empty`` as null; only texts of such a length are looked at."""
    lengths = {len(text.encode()) for text in empty}
    suspects = np.isin(octets.lengths, [*lengths])
    at = np.flatnonzero(suspects & (octets.lengths > 0))
    if len(at):
        suspects[at] = truths(_are(column[at], empty))
    return column.set(pl.Series(suspects), None) if suspects.any() else column


def _are(column: pl.Series, texts: tuple[str, ...]) -> pl.Series:
    return column.is_in(pl.Series(texts, dtype=pl.String).implode())


def _trimmed(column: pl.Series, octets: _Octets) -> pl.Series:
    """Return plain texts; the column itself where they are."""
    if not octets.are_plain:
        column = column.str.replace_all(_BREAKS, " ").str.replace_all(_CONTROLS, "").str.normalize("NFC")
    elif not octets.have_blank_ends:
        return column
    return column.str.strip_chars()


@dataclass(frozen=True)
class _Octets:
    """The octets of a column of texts, one after the other, where each text begins, and its length; 0 for null.

    One look at the octets of a column takes a fiftieth of the time that a pattern takes on each text.
    """

    data: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]

    @classmethod
    def of(cls, column: pl.Series) -> _Octets:
        """Return the octets of ``column`` (String)."""
        arrow = column.to_arrow(compat_level=pl.CompatLevel.oldest())
        _, offsets, data = arrow.buffers()
        octets = np.frombuffer(data, dtype=np.uint8) if data else np.empty(0, dtype=np.uint8)
        ends = np.frombuffer(offsets, dtype=np.int64)[arrow.offset :][: len(column) + 1] if len(column) else np.zeros(1)
        return cls(octets, ends[:-1].astype(np.int64), np.diff(ends).astype(np.int64))

    @cached_property
    def are_plain(self) -> bool:
        """Whether all texts are printable ASCII, as nearly all of a feed is: then there is nothing to look for."""
        return not len(self.data) or bool(self.data.min() >= _BLANK and self.data.max() < _DELETE)

    @cached_property
    def have_blank_ends(self) -> bool:
        """Whether a text begins or ends with a blank."""
        filled = self.lengths > 0
        first = self.starts[filled]
        last = first + self.lengths[filled] - 1
        return bool((self.data[first] == _BLANK).any() or (self.data[last] == _BLANK).any())
