"""Who may read a dataset, for every service that serves its rows outside CKAN's own pages.

A decision is cached for a minute at most; by then a dataset that was made private or deleted is hidden everywhere.
"""

from __future__ import annotations

import time
from enum import Enum

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config

SECONDS = 60
_MOST = 10_000
_answers: dict[tuple[str, str], tuple[float, bool]] = {}


class Readers(Enum):
    """Who may read a dataset: everybody, or the signed-in user of this request, or neither."""

    EVERYBODY = "everybody"
    ASKER = "asker"
    NOBODY = "nobody"


def readers(dataset: str) -> Readers:
    """Return who may read ``dataset``, the name of one or of a table of one; nobody where it is missing or deleted."""
    dataset = config.library().owner(dataset)
    if _allowed("", dataset):
        return Readers.EVERYBODY
    user = "" if tk.current_user.is_anonymous else tk.current_user.name
    return Readers.ASKER if user and _allowed(user, dataset) else Readers.NOBODY


def forget() -> None:
    """Drop the cached decisions."""
    _answers.clear()


def _allowed(user: str, dataset: str) -> bool:
    """Return whether ``user`` (empty: anybody) may read ``dataset``, from the cache for a minute."""
    now = time.monotonic()
    until, answer = _answers.get((user, dataset), (0.0, False))
    if until < now:
        if len(_answers) >= _MOST:
            _answers.clear()
        answer = _ask(user, dataset)
        _answers[user, dataset] = (now + SECONDS, answer)
    return answer


def _ask(user: str, dataset: str) -> bool:
    """Return whether CKAN shows ``user`` the dataset called ``dataset``, and it is not deleted.

    This reads the database: ``package_show`` may answer from the search index.
    """
    package = model.Package.by_name(dataset)
    if package is None or package.state != "active":
        return False
    try:
        tk.check_access("package_show", {"user": user}, {"id": package.id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return False
    return True
