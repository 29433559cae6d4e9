"""Validators by the name that schemas call them."""

from __future__ import annotations

import re
from typing import Any, cast

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.declare.departments.denial import key_of
from ckanext.cpdi.site.validators import not_before as cpdi_not_before

__all__ = ["cpdi_dataset", "cpdi_keys", "cpdi_not_before", "cpdi_numbers", "cpdi_row_id", "cpdi_table"]

_KEY = re.compile(r"([a-z0-9_-]+):([0-9a-f]{16})", re.ASCII)


def cpdi_dataset(value: Any) -> str:  # noqa: ANN401  what a caller sent
    """Return the name of a declared dataset; raise Invalid with the names there are."""
    known = config.library().datasets
    if value not in known:
        raise tk.Invalid(tk._("There is no such dataset; there are {names}").format(names=", ".join(known)))
    return value


def cpdi_table(value: Any) -> str:  # noqa: ANN401  what a caller sent
    """Return the name of a declared dataset that has a table; raise Invalid with the names there are."""
    known = [one.name for one in config.library().tables]
    if value not in known:
        raise tk.Invalid(tk._("There is no such table; there are {names}").format(names=", ".join(known)))
    return value


def cpdi_row_id(value: Any) -> int:  # noqa: ANN401  what a caller sent
    """Return the id of a row, or 0; raise Invalid for what no row can have."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number < 2**31:
        raise tk.Invalid(tk._("This is the id of a row, or 0 to begin"))
    return number


def cpdi_numbers(value: Any) -> list[str]:  # noqa: ANN401  what a caller sent
    """Return record numbers, given as a list or one a line; raise Invalid, which repeats none, for anything else."""
    found = value.splitlines() if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(one, str) for one in cast("list[object]", found)):
        raise tk.Invalid(tk._("Give record numbers, one a line"))
    return cast("list[str]", found)


def cpdi_keys(value: Any) -> dict[str, list[int]]:  # noqa: ANN401  what a caller sent
    """Return keys by dataset, as ``cpdi_deny_preview`` gave them; raise Invalid for any others."""
    found: dict[str, list[int]] = {}
    for text in value if isinstance(value, list) else str(value).split():
        matched = _KEY.fullmatch(str(text))
        if matched is None:
            raise tk.Invalid(tk._("These are no keys of a preview"))
        found.setdefault(cpdi_table(matched[1]), []).append(key_of(matched[2]))
    return found
