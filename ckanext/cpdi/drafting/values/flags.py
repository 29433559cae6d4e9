"""Columns that may say that a row is sensitive, and that no dataset publishes: they decide its class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.file.persons import are_personal

_SENSITIVE = (
    r"(?i)domestic|(^|[^a-z])dv([^a-z]|$)|mental|behavio|psych|suicid|crisis|juven|(^|[^a-z])juv|minor|sex|child|abuse"
    r"|victim|overdose|narcan|medical|homeless"
)
_WITHHELD = r"(?i)seal|expung|juven|(^|[^a-z])juv|confidential|restricted|do.?not.?release|private"
_OPERATIONAL = r"(?i)warrant|undercover|surveil|special.?detail"
_BY_CLASS = {"withheld": _WITHHELD, "operational": _OPERATIONAL, "sensitive": _SENSITIVE}
_NOTHING = ("0", "n", "no", "false", "f")
_MOST = 12


@dataclass(frozen=True)
class DraftFlag:
    """The flag ``header``: each value with its rows and a proposed class, the empty one among them."""

    header: str
    values: dict[str, tuple[int, str]]
    basis: str


def flags_of(columns: Mapping[str, Column], contents: Contents, unread: list[str]) -> list[DraftFlag]:
    """Return the columns among the ``unread`` ones that look like such flags."""
    flags: list[DraftFlag] = []
    for header in unread:
        counted = contents.counts.get(header)
        if counted is None or not columns[header].few or counted.height > _MOST:
            continue
        if are_personal(counted["value"]).any():
            continue
        privacy = next(
            (name for name, words in _BY_CLASS.items() if pl.Series([header]).str.contains(words).item()), ""
        )
        if privacy:
            values = {
                value: (rows, "open" if value.lower() in _NOTHING else privacy) for value, rows in counted.iter_rows()
            }
            empty = contents.rows - int(counted["rows"].sum())
            nothing: dict[str, tuple[int, str]] = {text: (0, privacy) for text in contents.nulls}  # noqa: C420  typed
            nothing[""] = (empty, privacy)
            flags.append(DraftFlag(header, {**values, **nothing}, "its name"))
    return flags
