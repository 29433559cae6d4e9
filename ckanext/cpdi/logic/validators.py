"""Validators by the name that schemas call them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.site.validators import not_before as cpdi_not_before

__all__ = ["cpdi_dataset", "cpdi_not_before", "cpdi_row_id", "cpdi_table"]


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
