"""Log filters: they drop what staff type into a harvest source, and the queries of addresses.

ckanext-harvest logs a source as it was sent, before it is checked, including a credential in its address. Loaders and
clients log the addresses that they request; the query may have a search or a key.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping

_LOGGERS = (
    "ckanext.harvest.logic.action.create",
    "ckanext.harvest.logic.action.update",
    "ckanext.harvest.logic.action.patch",
    "ckanext.harvest.plugin",
)
_QUERY = re.compile(r"([\w.~%/:@-]*/[\w.~%/:@-]*)\?[^\s\"'<>()\[\]]+")
"""An address, or the path of one, and its query."""


def keep_sources_out() -> None:
    """Let ckanext-harvest's actions log only a name or an id of their parameters."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_names_only)  # the same filter is added once


def keep_queries_out(loggers: Iterable[str] = ("", "ckan", "ckanext")) -> None:
    """Let the handlers of ``loggers`` write no query; the default is all loggers of CKAN's configuration."""
    for name in loggers:
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(without_queries)  # the same filter is added once


def without_queries(record: logging.LogRecord) -> bool:
    """Cut the queries of addresses out of a record and its traceback; return True, since every record is logged."""
    text = record.getMessage()
    if record.exc_info and not record.exc_text:
        record.exc_text = logging.Formatter().formatException(record.exc_info)
    if "?" in text:
        record.msg, record.args = _without_query(text), ()
    if record.exc_text:
        record.exc_text = _without_query(record.exc_text)
    return True


def _without_query(text: str) -> str:
    return _QUERY.sub(r"\1?…", text)


def _names_only(record: logging.LogRecord) -> bool:
    """Replace each source among the parameters by its name or id; return True, since every record is logged."""
    args = (record.args,) if isinstance(record.args, Mapping) else record.args or ()
    record.args = tuple(_name(arg) if isinstance(arg, Mapping) else arg for arg in args)
    return True


def _name(source: Mapping[str, object]) -> str:
    return str(source.get("name") or source.get("id") or "…")
