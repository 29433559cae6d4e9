"""What the texts of a feed's column look like, without one of them, and the pattern that fits them.

A shape has 9 for a digit and A for a letter: ``26-000017`` is ``99-999999``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import polars as pl

SHAPES = {"shape": pl.String, "rows": pl.Int64, "letters": pl.String, "century": pl.Boolean}
"""Rows by shape; ``letters`` of all of them where they are the same, else null; ``century``: the first digits are
20 and two more in all."""
_USUAL = 0.01
"""A shape that fewer of the rows have is no form of the department's numbers."""
_SPECIAL = re.compile(r"[][.^$*+?{}()|\\]")
_FEWEST = 20
"""Fewer rows do not tell a fixed word from somebody's name."""


@dataclass(frozen=True)
class Numbers:
    """A column of numbers: its ``shapes`` with their rows, most usual first; the ``pattern`` that fits the usual ones,
    empty for none; ``hidden``: rows whose number is not shown as it is, since it is like none.
    """

    field: str
    shapes: tuple[tuple[str, int], ...]
    pattern: str
    hidden: int


def shapes(column: pl.Series) -> pl.DataFrame:
    """Return the shapes of the texts (columns of SHAPES); nulls have none."""
    text = pl.col("text")
    described = (
        column.cast(pl.String)
        .drop_nulls()
        .to_frame("text")
        .select(
            text.str.replace_all(r"\p{L}", "A").str.replace_all(r"\p{Nd}", "9").alias("shape"),
            text.str.replace_all("[^A-Za-z]+", " ").str.strip_chars().alias("letters"),
            text.str.contains(r"^[^0-9]*20[0-9]{2}").alias("century"),
        )
    )
    return _together(described.with_columns(pl.lit(1, pl.Int64).alias("rows")).select(*SHAPES))


def numbers(field: str, parts: Iterable[pl.DataFrame], hidden: int) -> Numbers:
    """Return what the shapes of a feed's batches say of a column."""
    counted = _together(pl.concat([pl.DataFrame(schema=SHAPES), *parts])).sort(
        ["rows", "shape"], descending=[True, False]
    )
    least = max(_FEWEST, _USUAL * int(counted["rows"].sum()))
    usual = counted.filter(pl.col("rows") >= least)
    listed = tuple((shape, rows) for shape, rows in counted.select("shape", "rows").iter_rows())
    return Numbers(field, listed, _pattern(usual), hidden)


def _together(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the shapes of several batches as one."""
    same = pl.col("letters").n_unique() == 1
    return (
        parts.group_by("shape")
        .agg(
            pl.col("rows").sum(),
            pl.when(same & (pl.col("letters").null_count() == 0)).then(pl.col("letters").first()).alias("letters"),
            pl.col("century").all(),
        )
        .select(*SHAPES)
        .cast(pl.Schema(SHAPES))
    )


def _pattern(usual: pl.DataFrame) -> str:
    """Return the pattern of all shapes; those that differ in the lengths of their runs of digits alone have one."""
    alike: dict[tuple[str, str | None], list[tuple[list[int], bool]]] = {}
    for shape, _, letters, century in usual.iter_rows():
        runs = [(kind, len(list(run))) for kind, run in groupby(shape)]
        key = ("".join(kind if kind == "9" else kind * length for kind, length in runs), letters)
        alike.setdefault(key, []).append(([length for kind, length in runs if kind == "9"], century))
    return "|".join(
        dict.fromkeys(_pattern_of_form(form, letters, variants) for (form, letters), variants in alike.items())
    )


def _pattern_of_form(form: str, letters: str | None, variants: list[tuple[list[int], bool]]) -> str:
    """Return the pattern of shapes of one form; words that never change stand in it, and so does a century."""
    lengths = [(min(run), max(run)) for run in zip(*(runs for runs, _ in variants), strict=True)]
    words = iter(letters.split() if letters is not None else ())
    parts: list[str] = []
    for kind, run in groupby(form):
        length = len(list(run))
        if kind == "A":
            parts.append(next(words, None) or f"[A-Za-z]{{{length}}}")
        elif kind == "9":
            low, high = lengths.pop(0)
            fixed = not any("[0-9]" in part or "20" in part for part in parts) and all(
                century for _, century in variants
            )
            parts.append(_digits(low, high, fixed=fixed and low >= 4))
        else:
            parts.append(_SPECIAL.sub(r"\\\g<0>", kind) * length)
    return "".join(parts)


def _digits(low: int, high: int, *, fixed: bool) -> str:
    """Return the pattern of a run of digits; with a ``fixed`` century in front."""
    begin, written = ("20", 2) if fixed else ("", 0)
    low, high = low - written, high - written
    return f"{begin}[0-9]{{{low}}}" if low == high else f"{begin}[0-9]{{{low},{high}}}"
