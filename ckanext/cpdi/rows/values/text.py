"""Text as feeds bring it, made plain: no blanks at the ends, NFC, no control characters, nulls as null.

In: a batch of text columns. Out: :class:`Texts`, the same texts under the names of inputs.
"""

# Arrow comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ckanext.cpdi.rows.values.headers import Mapping
from ckanext.cpdi.rows.verdicts import Verdicts, truths

LONGEST_CELL = 131_072
_BREAKS = r"[\t\n\v\f\r\x{85}\x{a0}\x{2028}\x{2029}]+"
_CONTROLS = r"\p{C}+"


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
    empty = [*{"", *nulls}]
    columns: dict[str, pl.Series] = {}
    for name, headers in mapping.columns.items():
        texts = [_read(frame[header], name, verdicts) for header in headers]
        texts = [text.set(text.is_in(empty), None) for text in texts]
        for text in texts[1:]:
            texts[0] = texts[0].zip_with(texts[0].is_not_null(), text)
        columns[name] = texts[0].alias(name)
    flags = {flag: _read(frame[header], flag, verdicts).fill_null("") for flag, header in mapping.flags.items()}
    return Texts(columns, flags)


def clean(column: pl.Series) -> pl.Series:
    """Return texts in NFC, trimmed, line breaks and tabs as blanks, other control characters left out."""
    return _trimmed(column, plain=_is_plain(column))


def _trimmed(column: pl.Series, *, plain: bool) -> pl.Series:
    if not plain:
        column = column.str.replace_all(_BREAKS, " ").str.replace_all(_CONTROLS, "").str.normalize("NFC")
    return column.str.strip_chars()


def _read(column: pl.Series, name: str, verdicts: Verdicts) -> pl.Series:
    """Return the plain texts of one column of the feed."""
    column = column.cast(pl.String)
    longest = column.str.len_bytes().max()
    if isinstance(longest, int) and longest > LONGEST_CELL:
        long = column.str.len_chars() > LONGEST_CELL
        verdicts.quarantine(truths(long), "cell_too_long", name)
        column = column.set(long.fill_null(value=False), None)
    plain = _is_plain(column)
    if not plain:
        verdicts.quarantine(truths(column.str.contains("\0", literal=True)), "nul_byte", name)
    return _trimmed(column, plain=plain)


def _is_plain(column: pl.Series) -> bool:
    """Return whether all texts are printable ASCII, as nearly all of a feed is: then there is nothing to look for.

    One look at the bytes of a column takes a fiftieth of the time that a pattern takes on each text.
    """
    arrow = column.to_arrow(compat_level=pl.CompatLevel.oldest())
    data = arrow.buffers()[-1]
    if data is None or len(column) == column.null_count():
        return True
    octets = np.frombuffer(data, dtype=np.uint8)
    return not len(octets) or bool(octets.min() >= 0x20 and octets.max() < 0x7F)
