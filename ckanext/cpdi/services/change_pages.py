"""Changes of a table since a version or a day, page by page, for CKAN's API."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
import psycopg

from ckanext.cpdi import config
from ckanext.cpdi.publish.rows.changes import Changes, Page
from ckanext.cpdi.publish.rows.since import SinceError
from ckanext.cpdi.publish.rows.source import open_source
from ckanext.cpdi.services.spoken import spoken

log = logging.getLogger(__name__)

_LONGEST = 20
"""Seconds that reading a page may take."""


def page(query: dict[str, Any]) -> dict[str, Any]:
    """Return a page of changes; ``query`` are the parameters of ``cpdi_changes``, validated by its schema.

    Raises ObjectNotFound where there is no table yet, ValidationError where ``since`` cannot be used or the database
    does not answer.
    """
    dataset = config.library().dataset(query["dataset"])
    try:
        with open_source(config.read_dsn(), _LONGEST) as source:
            changes = Changes.of(source, dataset, query["since"], config.profile_in)
            if changes is None:
                raise tk.ObjectNotFound(tk._("Nothing has been published of this table yet"))
            return _answer(changes, changes.page(query["after"], query["limit"]), query)
    except SinceError as error:
        raise tk.ValidationError({"since": [spoken(error.said)]}) from None
    except psycopg.Error as error:
        log.warning("changes cannot be read: %s", type(error).__name__)
        raise tk.ValidationError({"since": [tk._("The data cannot be read at the moment; please ask again")]}) from None


def _answer(changes: Changes, rows: Page, query: dict[str, Any]) -> dict[str, Any]:
    """Return the page in the API's form."""
    version = changes.state.version
    first = query["version"] or version
    following = {
        "dataset": changes.dataset.name,
        **({"since": changes.since.text} if changes.since.text else {}),
        "after": rows.last,
        "limit": query["limit"],
        "version": first,
    }
    return {
        "dataset": changes.dataset.name,
        "since": changes.since.text or None,
        "version": version,
        "version_changed": first != version,
        "published_at": changes.state.published_at.isoformat(timespec="seconds"),
        "rows": rows.rows,
        "removed": rows.removed,
        "removed_until": changes.removed_until.isoformat(),
        "next": following if rows.last is not None else None,
    }
