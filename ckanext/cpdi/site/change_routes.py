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
from ckanext.cpdi.site.dataset.changelog import Entry

blueprint = Blueprint("cpdi_change_log", __name__)

_FEED = Text("{title}: changes", "{title}: cambios")


@blueprint.get("/dataset/<name>/changes")
def page(name: str) -> str:
    """Show the change log."""
    dataset, title = _readable(name)
    known, entries = _entries(dataset)
    return tk.render(
        "cpdi/changes.html",
        {"name": name, "title": title, "entries": entries, "known": known, "table": dataset.table is not None},
    )


@blueprint.get("/dataset/<name>/changes.atom")
def feed(name: str) -> Response:
    """Answer with the change log as an Atom feed."""
    dataset, title = _readable(name)
    _, entries = _entries(dataset)
    address = tk.h.url_for("cpdi_change_log.page", name=name, _external=True)
    made = FeedGenerator()
    made.id(address)
    made.title(_FEED.get(tk.h.lang()).format(title=title))
    made.author({"name": config.profile().agency.name.get(tk.h.lang())})
    made.language(tk.h.lang()[:2])
    made.link(href=address, rel="alternate")
    made.link(href=tk.h.url_for("cpdi_change_log.feed", name=name, _external=True), rel="self")
    made.updated(max((one.at for one in entries), default=datetime(2000, 1, 1, tzinfo=UTC)))
    for one in entries:
        entry = made.add_entry(order="append")
        entry.id(f"{address}#{one.id}")
        entry.title(f"{one.title}, {one.day}")
        entry.link(href=f"{address}#{one.id}")
        entry.content(one.text, type="text")
        entry.updated(one.at)
        entry.category(term=one.kind)
    return Response(made.atom_str(pretty=True), mimetype="application/atom+xml")


def _readable(name: str) -> tuple[Dataset, str]:
    """Return the declared dataset called ``name`` and its title; 404 where there is none that the reader may see."""
    dataset = config.library().datasets.get(name)
    try:
        package = tk.get_action("package_show")({"user": tk.current_user.name}, {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        package = None
    if dataset is None or package is None or package["state"] != "active":
        tk.abort(status_of(tk.ObjectNotFound), tk._("There is no such dataset"))
    written = package.get("title")
    return dataset, written if written and written != dataset.title.en else dataset.title.get(tk.h.lang())


def _entries(dataset: Dataset) -> tuple[bool, tuple[Entry, ...]]:
    """Return whether the store could be read, and the entries."""
    facts = change_source.read(config.read_dsn(), dataset.name, changelog.SHOWN)
    now = datetime.now(UTC)
    profile = config.profile_in(zone_of(dataset.name).key)
    return facts.known, changelog.entries(dataset, profile, facts, config.freeze_day(), now, tk.h.lang())
