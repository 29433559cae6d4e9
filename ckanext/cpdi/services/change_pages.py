"""What changed in a table since a version or a day, page by page, for CKAN's API."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
import psycopg

from ckanext.cpdi import config
from ckanext.cpdi.publish.changes import Changes, Page
from ckanext.cpdi.publish.since import SinceError
from ckanext.cpdi.publish.source import open_source

log = logging.getLogger(__name__)

_LONGEST = 20
"""Seconds that the reading of a page may take."""


def page(asked: dict[str, Any]) -> dict[str, Any]:
    """Return a page of changes; ``asked`` is what the schema of ``cpdi_changes`` lets through.

    Raises ObjectNotFound where there is no table yet, ValidationError where ``since`` cannot be used or the database
    does not answer.
    """
    dataset = config.library().dataset(asked["dataset"])
    try:
        with open_source(config.read_dsn(), _LONGEST) as source:
            changes = Changes.of(source, dataset, asked["since"], config.profile_in)
            if changes is None:
                raise tk.ObjectNotFound(tk._("Nothing has been published of this table yet"))
            return _answer(changes, changes.page(asked["after"], asked["limit"]), asked)
    except SinceError as error:
        raise tk.ValidationError({"since": [str(error)]}) from None
    except psycopg.Error as error:
        log.warning("changes cannot be read: %s", type(error).__name__)
        raise tk.ValidationError({"since": [tk._("The data cannot be read at the moment; please ask again")]}) from None


def _answer(changes: Changes, found: Page, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the page as the API says it."""
    version = changes.state.version
    first = asked["version"] or version
    following = {
        "dataset": changes.dataset.name,
        **({"since": changes.since.text} if changes.since.text else {}),
        "after": found.last,
        "limit": asked["limit"],
        "version": first,
    }
    return {
        "dataset": changes.dataset.name,
        "since": changes.since.text or None,
        "version": version,
        "version_changed": first != version,
        "published_at": changes.state.published_at.isoformat(timespec="seconds"),
        "rows": found.rows,
        "removed": found.removed,
        "removed_until": changes.removed_until.isoformat(),
        "next": following if found.last is not None else None,
    }
