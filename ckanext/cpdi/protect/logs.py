"""Keeps out of the log what belongs to no log: what staff type into a harvest source, and what stands behind a ``?``.

ckanext-harvest logs a source as it was sent, before anything is checked: with the credential in its address that is
about to be refused. Loaders and clients log addresses as they ask for them; what somebody searched for, or a key,
stands in their query.
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
    """Let ckanext-harvest's actions log of their parameters no more than a name or an id."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_named_only)  # the same filter is added once


def keep_queries_out(loggers: Iterable[str] = ("", "ckan", "ckanext")) -> None:
    """Let the handlers of ``loggers``, which are those of all that CKAN's configuration names, write no query."""
    for name in loggers:
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(without_queries)  # the same filter is added once


def without_queries(record: logging.LogRecord) -> bool:
    """Cut the queries of addresses out of a record, its traceback included."""
    text = record.getMessage()
    if record.exc_info and not record.exc_text:
        record.exc_text = logging.Formatter().formatException(record.exc_info)
    if "?" in text:
        record.msg, record.args = _cut(text), ()
    if record.exc_text:
        record.exc_text = _cut(record.exc_text)
    return True


def _cut(text: str) -> str:
    return _QUERY.sub(r"\1?…", text)


def _named_only(record: logging.LogRecord) -> bool:
    """Put name or id in the place of each source among the parameters."""
    args = (record.args,) if isinstance(record.args, Mapping) else record.args or ()
    record.args = tuple(_name(one) if isinstance(one, Mapping) else one for one in args)
    return True


def _name(source: Mapping[str, object]) -> str:
    return str(source.get("name") or source.get("id") or "…")
