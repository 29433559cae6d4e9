"""The schemas of the portal's actions."""

from __future__ import annotations

from typing import cast

import ckan.plugins.toolkit as tk
from ckan.types import Schema, ValidatorFactory

from ckanext.cpdi.declare.erratum import STATES


def changes() -> Schema:
    """Return the schema of ``cpdi_changes``."""
    default = cast(ValidatorFactory, tk.get_validator("default"))
    within = cast(ValidatorFactory, tk.get_validator("limit_to_configured_maximum"))
    text = tk.get_validator("unicode_only")
    return {
        "dataset": [tk.get_validator("not_empty"), text, tk.get_validator("cpdi_table")],
        "since": [default(""), text],
        "after": [default(0), tk.get_validator("cpdi_row_id")],
        "limit": [
            default(1000),
            tk.get_validator("is_positive_integer"),
            within("ckan.datastore.search.rows_max", 32000),
        ],
        "version": [default(""), text],
    }


def search_sql() -> Schema:
    """Return the schema of ``datastore_search_sql``; what else a client sends (``format``) is left unheeded."""
    return {"sql": [tk.get_validator("not_empty"), tk.get_validator("unicode_only")]}


def department_init() -> Schema:
    """Return the schema of ``cpdi_department_init``, which has no parameters."""
    return {}


def dataset_refresh() -> Schema:
    """Return the schema of ``cpdi_dataset_refresh``."""
    return {"dataset": [tk.get_validator("not_empty"), tk.get_validator("cpdi_table")]}


def run_list() -> Schema:
    """Return the schema of ``cpdi_run_list``."""
    return {
        "dataset": [tk.get_validator("ignore_empty"), tk.get_validator("cpdi_dataset")],
        "limit": [
            cast(ValidatorFactory, tk.get_validator("default"))(20),
            tk.get_validator("natural_number_validator"),
        ],
    }


def deny_preview() -> Schema:
    """Return the schema of ``cpdi_deny_preview``."""
    return {
        "dataset": [tk.get_validator("not_empty"), tk.get_validator("cpdi_table")],
        "numbers": [tk.get_validator("not_empty"), tk.get_validator("cpdi_numbers")],
    }


def deny() -> Schema:
    """Return the schema of ``cpdi_deny``."""
    default = cast(ValidatorFactory, tk.get_validator("default"))
    return {
        "dataset": [tk.get_validator("not_empty"), tk.get_validator("cpdi_table")],
        "numbers": [tk.get_validator("ignore_empty"), tk.get_validator("cpdi_numbers")],
        "keys": [tk.get_validator("ignore_empty"), tk.get_validator("cpdi_keys")],
        "why": [default("other"), tk.get_validator("unicode_safe")],
        "remove": [default(False), tk.get_validator("boolean_validator")],
    }


def approve() -> Schema:
    """Return the schema of ``cpdi_approve``."""
    return {
        "dataset": [tk.get_validator("not_empty"), tk.get_validator("cpdi_table")],
        "version": [tk.get_validator("ignore_empty"), tk.get_validator("unicode_safe")],
    }


def nothing() -> Schema:
    """Return the schema of an action without parameters."""
    return {}


def report_receive() -> Schema:
    """Return the schema of ``cpdi_report_receive``."""
    return {
        "series": [tk.get_validator("not_empty"), tk.get_validator("cpdi_series")],
        "upload": [tk.get_validator("not_missing")],
    }


def report_faults() -> Schema:
    """Return the schema of ``cpdi_report_faults``."""
    return {"series": [tk.get_validator("ignore_empty"), tk.get_validator("cpdi_series")]}


def report_list() -> Schema:
    """Return the schema of ``cpdi_report_list``."""
    default = cast(ValidatorFactory, tk.get_validator("default"))
    choices = cast(ValidatorFactory, tk.get_validator("one_of"))
    return {
        "series": [tk.get_validator("ignore_empty"), tk.get_validator("cpdi_series")],
        "state": [default("held"), choices(["held", "published"])],
    }


def report() -> Schema:
    """Return the schema of ``cpdi_report_show``."""
    return {"report": [tk.get_validator("not_empty"), tk.get_validator("cpdi_report_id")]}


def report_picture() -> Schema:
    """Return the schema of ``cpdi_report_picture``."""
    return {**report(), "page": [tk.get_validator("not_empty"), tk.get_validator("is_positive_integer")]}


def report_release() -> Schema:
    """Return the schema of ``cpdi_report_release``."""
    return {**report_withdraw(), "day": [tk.get_validator("ignore_empty"), tk.get_validator("cpdi_day")]}


def report_withdraw() -> Schema:
    """Return the schema of ``cpdi_report_withdraw``."""
    default = cast(ValidatorFactory, tk.get_validator("default"))
    return {**report(), "note": [default(""), tk.get_validator("unicode_safe")]}


def run_release() -> Schema:
    """Return the schema of ``cpdi_run_release``."""
    return {"run": [tk.get_validator("not_empty"), tk.get_validator("natural_number_validator")]}


def erratum() -> Schema:
    """Return the schema of ``cpdi_erratum_show`` and ``cpdi_erratum_remove``."""
    return {"number": [tk.get_validator("not_empty"), tk.get_validator("natural_number_validator")]}


def erratum_answer() -> Schema:
    """Return the schema of ``cpdi_erratum_answer``."""
    default = cast(ValidatorFactory, tk.get_validator("default"))
    choices = cast(ValidatorFactory, tk.get_validator("one_of"))
    text = tk.get_validator("cpdi_public_text")
    return {
        **erratum(),
        "state": [tk.get_validator("not_empty"), choices(list(STATES))],
        "summary": [default(""), text],
        "answer": [default(""), text],
        "language": [default("en"), choices(["en", "es"])],
        "looked_at": [default(""), tk.get_validator("unicode_only")],
    }
