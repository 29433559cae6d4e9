"""Cells of JSON as columns of text."""

from __future__ import annotations

import json

import polars as pl


def text(value: object) -> str | None:
    """Return a value of JSON as text; numbers are texts already."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def column(name: str, values: list[object]) -> pl.Series:
    """Return values of JSON as a column of texts, quickly where all are texts already."""
    try:
        return pl.Series(name, values, pl.String, strict=True)
    except (TypeError, UnicodeEncodeError):
        return pl.Series(name, [without_surrogates(text(value)) for value in values], pl.String)


def without_surrogates(cell: str | None) -> str | None:
    """Return the text with lone surrogates, which JSON can hold, replaced by U+FFFD."""
    return cell and cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
