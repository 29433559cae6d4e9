"""The Help Center's pages: the list of articles with a search, and each article."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request

from ckanext.cpdi import config
from ckanext.cpdi.site import audience
from ckanext.cpdi.site.help.article import articles as all_articles
from ckanext.cpdi.site.help.article import names
from ckanext.cpdi.site.help.context import context
from ckanext.cpdi.site.help.search import matching
from ckanext.cpdi.site.pages import Portal, present
from ckanext.cpdi.site.portal import packages, portal

center = Blueprint("cpdi_help", __name__)


@center.get("/help")
def index() -> Response:
    """Show the list of articles, or those that have the words of ``q``."""
    language, words = tk.h.lang(), request.args.get("q", "").strip()[:200]
    articles = all_articles(context_of(portal()), language)
    values = {"articles": articles, "words": words, "matches": matching(articles, words) if words else ()}
    return audience.page("cpdi/help/index.html", values)


@center.get("/help/<name>")
def article(name: str) -> Response:
    """Show an article, with those before and behind it."""
    if name not in names():
        tk.abort(404)
    articles = all_articles(context_of(portal()), tk.h.lang())
    at = names().index(name)
    values = {
        "article": articles[at],
        "articles": articles,
        "before": articles[at - 1] if at else None,
        "behind": articles[at + 1] if at + 1 < len(articles) else None,
    }
    return audience.page("cpdi/help/article.html", values)


def context_of(view: Portal) -> dict[str, Any]:
    """Return what articles say of this portal to this reader."""
    visible = packages()
    tables = [table for table in view.library.tables if table.name in view.ledger.versions and table.name in visible]
    shown = [dataset for dataset in present(view, visible) if dataset.name in visible]
    made = {name for table in tables for name in config.formats(table.rows)}
    return context(view, shown, tables, made, config.limits())
