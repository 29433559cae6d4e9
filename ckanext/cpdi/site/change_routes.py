"""``/dataset/NAME/changes``: the change log of a table as a page, and ``changes.atom`` as a feed to subscribe to."""

from __future__ import annotations

from datetime import UTC, datetime

import ckan.plugins.toolkit as tk
from feedgen.feed import FeedGenerator
from flask import Blueprint, Response

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.zones import zone_of
from ckanext.cpdi.site.dataset import change_source, changelog
from ckanext.cpdi.site.dataset.changelog import ChangeEntry

blueprint = Blueprint("cpdi_change_log", __name__)

_FEED = Text("{title}: changes", "{title}: cambios")


@blueprint.get("/dataset/<name>/changes")
def page(name: str) -> str:
    """Show the change log."""
    dataset, title = _readable(name)
    available, entries = _entries(dataset)
    return tk.render(
        "cpdi/changes.html",
        {"name": name, "title": title, "entries": entries, "available": available, "table": dataset.table is not None},
    )


@blueprint.get("/dataset/<name>/changes.atom")
def feed(name: str) -> Response:
    """Answer with the change log as an Atom feed."""
    dataset, title = _readable(name)
    _, entries = _entries(dataset)
    address = tk.h.url_for("cpdi_change_log.page", name=name, _external=True)
    atom = FeedGenerator()
    atom.id(address)
    atom.title(_FEED.get(tk.h.lang()).format(title=title))
    atom.author({"name": config.profile().agency.name.get(tk.h.lang())})
    atom.language(tk.h.lang()[:2])
    atom.link(href=address, rel="alternate")
    atom.link(href=tk.h.url_for("cpdi_change_log.feed", name=name, _external=True), rel="self")
    atom.updated(max((change.at for change in entries), default=datetime(2000, 1, 1, tzinfo=UTC)))
    for change in entries:
        entry = atom.add_entry(order="append")
        entry.id(f"{address}#{change.id}")
        entry.title(f"{change.title}, {change.day}")
        entry.link(href=f"{address}#{change.id}")
        entry.content(change.text, type="text")
        entry.updated(change.at)
        entry.category(term=change.kind)
    return Response(atom.atom_str(pretty=True), mimetype="application/atom+xml")


def _readable(name: str) -> tuple[Dataset, str]:
    """Return the declared dataset called ``name`` and its title; 404 where there is none that the reader may see."""
    dataset, owner = config.library().get(name), config.library().owner(name)
    try:
        package = tk.get_action("package_show")({"user": tk.current_user.name}, {"id": owner})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        package = None
    if dataset is None or package is None or package["state"] != "active":
        tk.abort(status_of(tk.ObjectNotFound), tk._("There is no such dataset"))
    written = package.get("title") if owner == name else None
    return dataset, written if written and written != dataset.title.en else dataset.title.get(tk.h.lang())


def _entries(dataset: Dataset) -> tuple[bool, tuple[ChangeEntry, ...]]:
    """Return whether the database answered, and the entries."""
    facts = change_source.read(config.read_dsn(), dataset.name, changelog.SHOWN)
    now = datetime.now(UTC)
    profile = config.profile_in(zone_of(dataset.name).key)
    return facts.available, changelog.entries(dataset, profile, facts, config.freeze_day(), now, tk.h.lang())
