"""Validators of the staff's forms that CKAN and scheming lack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

Validator = Callable[[tuple[Any, ...], dict[Any, Any], dict[Any, list[str]], dict[str, Any]], None]


def validators() -> dict[str, Callable[..., Any]]:
    """Return the validators by their name in scheming files."""
    return {"cpdi_not_before": not_before}


def not_before(other: str) -> Validator:
    """Return a validator that refuses a day before that of the field ``other`` of the same dataset or resource."""

    def validate(key: tuple[Any, ...], data: dict[Any, Any], errors: dict[Any, list[str]], context: Any) -> None:  # noqa: ANN401, ARG001
        start, end = data.get((*key[:-1], other)), data.get(key)
        if start and end and start is not tk.missing and end is not tk.missing and str(end)[:10] < str(start)[:10]:
            errors[key].append(tk._("This day is before the first one"))

    return validate
