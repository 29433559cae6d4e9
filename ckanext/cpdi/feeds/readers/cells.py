"""Cells of JSON as columns of text."""

from __future__ import annotations

import json

import polars as pl


def text(value: object) -> str | None:
    """Return a value of JSON as text; numbers come as the text they were."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def column(name: str, values: list[object]) -> pl.Series:
    """Return values of JSON as a column of texts; nearly always they are texts already."""
    try:
        return pl.Series(name, values, pl.String, strict=True)
    except (TypeError, UnicodeEncodeError):
        return pl.Series(name, [whole(text(value)) for value in values], pl.String)


def whole(cell: str | None) -> str | None:
    """Return the text with halves of surrogate pairs, which JSON can write, replaced."""
    return cell and cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
