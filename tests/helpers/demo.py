"""The tests' portal as a demo sets it up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from helpers import database, datastore, index


def set_up(*, approved: bool = True) -> None:
    """Have organization and datasets, public with rules that need no approval, and no rows.

    Where nothing is ``approved`` they are private, as after ``ckan cpdi init`` in a portal that is no demo. Only the
    first test of a session with these settings makes them, which takes a second; the others get a copy of the rows and
    of what was indexed.
    """
    from ckanext.cpdi.services.http import access

    access.forget()
    datastore.empty()
    key = (*_settings(), approved)
    again = key in _MADE
    made = _MADE[key] if again else _MADE.setdefault(key, _made(approved=approved))
    if again:
        database.put(made.rows)
        index.put(made.documents)
        if approved:
            _approve()


def run(*arguments: object, code: int = 0) -> str:
    """Run a command and return what it printed; a demo brings two reports a series, each of which takes as long as a
    night of few rows.
    """
    from click.testing import CliRunner

    from ckanext.cpdi.cli import cpdi

    few = ("--reports", 2) if arguments[0] == "demo" else ()
    result = CliRunner().invoke(cpdi, list(map(str, (*arguments, *few))))
    assert result.exit_code == code, result.output
    return result.output


@dataclass(frozen=True)
class _Made:
    rows: database.Rows
    documents: index.Documents


_MADE: dict[Any, _Made] = {}
"""What was made, by the settings that it follows from and whether rules were approved."""


def _settings() -> tuple[str, tuple[str, ...]]:
    """The department and its datasets."""
    return tk.config["ckanext.cpdi.profile"], tuple(tk.config["ckanext.cpdi.declarations"])


def _made(*, approved: bool) -> _Made:
    """Make the department where there was anything; return the rows that CKAN's database has then, and the index."""
    from ckan import model
    from ckan.lib import search

    from ckanext.cpdi.catalog.department import ensure_all

    database.empty()
    search.clear_all()
    ensure_all()
    if approved:
        _approve()
    packages = [one.id for one in model.Session.query(model.Package)]
    documents = index.sent(lambda: [search.rebuild(one) for one in packages])
    return _Made(database.rows(), documents)


_APPROVED: dict[Any, list[Any]] = {}
"""The demo's approvals by the settings that they follow from: the version of all rules takes a while to reckon."""


def _approve() -> None:
    """Let the demo approve its own rules."""
    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline import approval

    settings = _settings()
    with config.store() as store:
        for one in _APPROVED.get(settings, ()):
            store.approvals.approve(one.dataset, one.version, one.profile_version, one.who)
        if settings not in _APPROVED:
            names = approval.approve_demo(store, "")
            _APPROVED[settings] = [store.approvals.latest(name, demo=True) for name in names]


_CITIES: dict[Any, tuple[Any, bytes]] = {}
"""Places files by what they were made from, with what was said of them."""


def cities_made_once(build: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``gazetteer.build_from`` as it is for the first demo of a city; the others get a copy of its places.

    A city is the same where its files, the rules and the secret are.
    """

    def again(dataset: str, files: Sequence[Path], profile: str = "", *, network: Path) -> Any:
        from ckanext.cpdi import config
        from ckanext.cpdi.rows.version import rules_version

        department = config.profile(profile)
        rules = rules_version(config.library().dataset(dataset), department)
        content = [hashlib.sha256(path.read_bytes()).digest() for path in (*files, network)]
        key = (*content, rules, repr(department.places), config.secret())
        path = config.places_path(department.name)
        if key not in _CITIES:
            summary = build(dataset, files, profile, network=network)
            _CITIES[key] = summary, path.read_bytes()
        summary, places = _CITIES[key]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(places)
        return replace(summary, path=path)

    return again
