"""Times of day in a column of their own: ``14:30``, ``2:30 PM``, ``0207``, ``1899-12-30T14:30:00``, ``0.604``.

In: a column of texts. Out: microseconds after midnight.
"""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.rows.values.zone import DAY, HOUR, MISSING, SECOND, Micros

_DATE = r"^\d{1,4}[-/]\d{1,2}[-/]\d{1,4}[T ]+"
"""A day in front of the time: spreadsheets and databases have no time without one."""
_OFFSET = r"(?:Z|[+-]\d{2}:?\d{2})$"
_COLONS = r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AP])?(?:\.?M\.?)?(?:\s*(?:HRS?|H)\.?)?$"
_DIGITS = r"^(\d{1,6})\s*([AP])?(?:\.?M\.?)?(?:\s*(?:HRS?|H)\.?)?$"
_FRACTION = r"^0?\.\d+$"
"""The part of a day that a spreadsheet's time is, where it was exported as a number."""
_MINUTE = 60 * SECOND
_SHORT = 2
_WITHOUT_SECONDS = 4


def read_clocks(column: pl.Series, *, short: bool) -> Micros:
    """Return the texts of ``column`` (clean; null for none) as microseconds after midnight, MISSING for what is none.

    Digits are hours and minutes whose leading zero may be lost (``207``), and seconds from five digits on. One or two
    digits are minutes where ``short`` says so; else nobody can tell them from hours. 24:00 is the end of the day.
    """
    distinct = column.drop_nulls().unique()
    plain = distinct.str.to_uppercase().str.replace(_DATE, "").str.replace(_OFFSET, "").str.strip_chars()
    read = pl.DataFrame({"text": distinct, "micros": _read(plain, short=short)})
    joined = column.to_frame("text").join(read, on="text", how="left", maintain_order="left")["micros"]
    return joined.fill_null(MISSING).to_numpy()


def _read(texts: pl.Series, *, short: bool) -> pl.Series:
    """Return different texts, in capitals and without days, as microseconds; null for those that are no time of day."""
    colons = texts.str.extract_groups(_COLONS).struct
    digits = texts.str.extract_groups(_DIGITS).struct
    table = pl.DataFrame(
        {
            "h": colons.field("1").cast(pl.Int64),
            "m": colons.field("2").cast(pl.Int64),
            "s": colons.field("3").cast(pl.Int64),
            "half": colons.field("4"),
            "digits": digits.field("1"),
            "digits_half": digits.field("2"),
            "fraction": texts.set(~texts.str.contains(_FRACTION), None).cast(pl.Float64),
        }
    )
    return table.with_columns(_of_digits(short=short)).select(pl.coalesce(_of_parts(), _of_fraction())).to_series()


def _of_digits(*, short: bool) -> list[pl.Expr]:
    """Return hour, minute and second with those that are written as digits alone."""
    number, length, is_half = pl.col("digits").cast(pl.Int64), pl.col("digits").str.len_chars(), "digits_half"
    six = (
        pl.when(length > _WITHOUT_SECONDS)
        .then(number)
        .when(length > _SHORT)
        .then(number * 100)
        .when(pl.col(is_half).is_not_null())
        .then(number * 10_000)
        .when(pl.lit(short))
        .then(number * 100)
    )
    return [
        pl.coalesce("h", six // 10_000).alias("h"),
        pl.coalesce("m", six // 100 % 100).alias("m"),
        pl.coalesce("s", six % 100, 0).alias("s"),
        pl.coalesce("half", is_half).alias("half"),
    ]


def _of_parts() -> pl.Expr:
    """Return hour, minute and second as microseconds, null where there is no such time."""
    hour, minute, second, half = (pl.col(name) for name in ("h", "m", "s", "half"))
    whole = pl.when(half.is_null()).then(hour).otherwise(hour % 12 + 12 * (half == "P").cast(pl.Int64))
    micros = whole * HOUR + minute * _MINUTE + second * SECOND
    right = (minute < 60) & (second < 60) & (micros <= DAY) & (half.is_null() | hour.is_between(1, 12))
    return pl.when(right).then(micros)


def _of_fraction() -> pl.Expr:
    """Return a part of a day as microseconds, to the second."""
    return (pl.col("fraction") * (DAY // SECOND)).round().cast(pl.Int64) * SECOND
