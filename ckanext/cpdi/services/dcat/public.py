"""The datasets that everybody may read, and a mark that changes whenever one of them does.

Both are asked of CKAN's database, where a dataset that was made private or deleted is gone at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from msgspec import Struct

from ckanext.cpdi import __version__, addresses, config
from ckanext.cpdi.services.dcat.entries import entry
from ckanext.cpdi.services.dcat.entry import Entry

T = TypeVar("T")
_PUBLIC = sa.text("""
    SELECT package.id, package.name, package.metadata_modified, owner.title
    FROM package LEFT JOIN "group" AS owner ON owner.id = package.owner_org
    WHERE package.state = 'active' AND NOT package.private AND package.type <> 'harvest'
    ORDER BY package.name
""")


class Shown(Struct, frozen=True):
    """A public dataset: its id in CKAN, its name, and when it was changed last."""

    id: str
    name: str
    modified: datetime


class Public(Struct, frozen=True):
    """The public datasets, those that the portal declares first, and a mark of what they and the portal are."""

    datasets: tuple[Shown, ...]
    mark: str


def public() -> Public:
    """Return the datasets that everybody may read."""
    order = {name: place for place, name in enumerate(config.library().datasets)}
    rows = sorted(model.Session.execute(_PUBLIC), key=lambda row: order.get(row.name, len(order)))
    profile = config.profile()
    portal = (__version__, addresses.url(), profile.name, profile.version, config.licence().id, config.formats())
    mark = hashlib.sha256(repr((portal, [tuple(row) for row in rows])).encode()).hexdigest()[:20]
    datasets = tuple(Shown(row.id, row.name, row.metadata_modified.replace(tzinfo=UTC)) for row in rows)
    return Public(datasets, mark)


def packages(shown: Public) -> list[dict[str, Any]]:
    """Return CKAN's packages of ``shown`` as somebody without an account gets them."""
    listed: list[dict[str, Any]] = []
    for dataset in shown.datasets:
        try:
            listed.append(tk.get_action("package_show")({"user": "", "auth_user_obj": None}, {"id": dataset.id}))
        except (tk.ObjectNotFound, tk.NotAuthorized):
            continue  # gone since
    return listed


def entries(shown: Public) -> list[Entry]:
    """Return the entries of ``shown``."""
    return [entry(package) for package in packages(shown)]


class Kept(Generic[T]):
    """What was made of the public datasets, for as long as their mark is the same."""

    def __init__(self, most: int = 1) -> None:
        """Keep nothing yet, and ``most`` things later."""
        self._most = most
        self._mark = ""
        self._made: dict[object, T] = {}

    def get(self, mark: str, make: Callable[[], T], form: object = None) -> T:
        """Return what was made for ``mark`` in a ``form``; ``make()`` where it is not kept."""
        if mark != self._mark:
            self._mark, self._made = mark, {}
        kept = self._made
        if form not in kept:
            made = make()
            if len(kept) < self._most:
                kept[form] = made
            return made
        return kept[form]
