"""Keeps what staff type into a harvest source out of the log.

ckanext-harvest logs a source as it was sent, before anything is checked: with the credential in its address that is
about to be refused.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

_LOGGERS = ("ckanext.harvest.logic.action.create", "ckanext.harvest.logic.action.update")


def keep_sources_out() -> None:
    """Let ckanext-harvest's actions log of their parameters no more than a name or an id."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_named_only)  # the same filter is added once


def _named_only(record: logging.LogRecord) -> bool:
    """Put name or id in the place of the parameters, if those are what is logged."""
    if isinstance(record.args, Mapping):
        record.args = (str(record.args.get("name") or record.args.get("id") or "…"),)
    return True
