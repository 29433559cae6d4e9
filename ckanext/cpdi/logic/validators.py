"""Validators by their name in schemas."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast
from uuid import UUID

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.declare.departments.denial import key_of
from ckanext.cpdi.publish.report_files import period_end
from ckanext.cpdi.site.errata.form import clean
from ckanext.cpdi.site.validators import not_before as cpdi_not_before

__all__ = [
    "cpdi_dataset",
    "cpdi_day",
    "cpdi_keys",
    "cpdi_not_before",
    "cpdi_numbers",
    "cpdi_public_text",
    "cpdi_report_id",
    "cpdi_row_id",
    "cpdi_series",
    "cpdi_table",
]

LONGEST_TEXT = 4000
"""Characters of a text that staff publish about a reported error."""
_KEY = re.compile(r"([a-z0-9_-]+):([0-9a-f]{16})", re.ASCII)


def cpdi_dataset(value: Any) -> str:  # noqa: ANN401  what a caller sent
    """Return the name of a declared dataset; raise Invalid, with all names, for anything else."""
    names = list(dict.fromkeys((*config.library().datasets, *(table.name for table in config.library().tables))))
    if value not in names:
        raise tk.Invalid(tk._("There is no such dataset; there are {names}").format(names=", ".join(names)))
    return value


def cpdi_table(value: Any) -> str:  # noqa: ANN401  what a caller sent
    """Return the name of a declared dataset with a table; raise Invalid, with all names, for anything else."""
    names = [table.name for table in config.library().tables]
    if value not in names:
        raise tk.Invalid(tk._("There is no such table; there are {names}").format(names=", ".join(names)))
    return value


def cpdi_series(value: Any) -> str:  # noqa: ANN401  what a caller sent
    """Return the name of a declared series of reports; raise Invalid, with all names, for anything else."""
    names = [name for name, dataset in config.library().datasets.items() if dataset.table is None]
    if value not in names:
        raise tk.Invalid(tk._("There is no such series; there are {names}").format(names=", ".join(names)))
    return value


def cpdi_report_id(value: Any) -> UUID:  # noqa: ANN401  what a caller sent
    """Return the id of a report; raise Invalid for anything else."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise tk.Invalid(tk._("This is no id of a report")) from None


def cpdi_day(value: Any) -> date:  # noqa: ANN401  what a caller sent
    """Return a day, or the last day of a month, from ISO 8601; raise Invalid for anything else."""
    day = value if isinstance(value, date) else period_end(str(value).strip())
    if day is None:
        raise tk.Invalid(tk._("Write a day such as 2024-03-24, or a month such as 2024-03"))
    return day


def cpdi_row_id(value: Any) -> int:  # noqa: ANN401  what a caller sent
    """Return the id of a row, or 0; raise Invalid for anything else."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number < 2**31:
        raise tk.Invalid(tk._("This is the id of a row, or 0 to begin"))
    return number


def cpdi_numbers(value: Any) -> list[str]:  # noqa: ANN401  what a caller sent
    """Return record numbers from a list or from lines of text; raise Invalid, which repeats none, for anything else."""
    numbers = value.splitlines() if isinstance(value, str) else value
    if not isinstance(numbers, list) or not all(isinstance(number, str) for number in cast("list[object]", numbers)):
        raise tk.Invalid(tk._("Give record numbers, one a line"))
    return cast("list[str]", numbers)


def cpdi_keys(value: Any) -> dict[str, list[int]]:  # noqa: ANN401  what a caller sent
    """Return the ``keys`` of ``cpdi_deny_preview`` by dataset; raise Invalid for anything else."""
    keys: dict[str, list[int]] = {}
    for text in value if isinstance(value, list) else str(value).split():
        match = _KEY.fullmatch(str(text))
        if match is None:
            raise tk.Invalid(tk._("These are no keys of a preview"))
        keys.setdefault(cpdi_table(match[1]), []).append(key_of(match[2]))
    return keys


def cpdi_public_text(value: Any) -> str:  # noqa: ANN401  what a caller sent
    """Return a text without control characters and blanks around; raise Invalid for anything else, or a long one."""
    if not isinstance(value, str):
        raise tk.Invalid(tk._("Write a text"))
    text = clean(value)
    if len(text) > LONGEST_TEXT:
        raise tk.Invalid(tk._("A text has at most {n} characters").format(n=LONGEST_TEXT))
    return text
