"""Who may read a dataset, for every service that serves its rows outside CKAN's own pages.

An answer is kept for a minute at most, so that a dataset made private or deleted is gone from all services by then.
"""

from __future__ import annotations

import time
from enum import Enum

import ckan.plugins.toolkit as tk
from ckan import model

SECONDS = 60
_MOST = 10_000
_answers: dict[tuple[str, str], tuple[float, bool]] = {}


class Readers(Enum):
    """Who may read: everybody, or not everybody but whoever asks, or not even they."""

    EVERYBODY = "everybody"
    ASKER = "asker"
    NOBODY = "nobody"


def readers(dataset: str) -> Readers:
    """Return who may read ``dataset``; nobody where it is missing or deleted."""
    if _allowed("", dataset):
        return Readers.EVERYBODY
    user = "" if tk.current_user.is_anonymous else tk.current_user.name
    return Readers.ASKER if user and _allowed(user, dataset) else Readers.NOBODY


def forget() -> None:
    """Ask CKAN anew at the next request."""
    _answers.clear()


def _allowed(user: str, dataset: str) -> bool:
    """Return whether ``user`` (empty: anybody) may read ``dataset``; an answer of the last minute is good."""
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

    The database is asked, not ``package_show``, which may answer from the search index.
    """
    found = model.Package.by_name(dataset)
    if found is None or found.state != "active":
        return False
    try:
        tk.check_access("package_show", {"user": user}, {"id": found.id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return False
    return True
