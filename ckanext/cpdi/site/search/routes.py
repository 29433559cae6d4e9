"""``/search``: one box for everything that the portal has."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request

from ckanext.cpdi.selection.reports.search import LONGEST
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.site.portal import portal
from ckanext.cpdi.site.search.sections import sections

everything = Blueprint("cpdi_search_page", __name__)


@everything.get("/search")
def find() -> Response:
    """Show datasets, places, kinds of records, pages of reports and articles that have the words of ``q``.

    Nobody keeps the answer: what somebody looks for is theirs.
    """
    words = " ".join(request.args.get("q", "").replace("\x00", " ").split())
    too_long = LONGEST if len(words) > LONGEST else 0
    answered = tuple(sections(portal(), words)) if words and not too_long else ()
    values = {"words": words, "too_long": too_long, "sections": answered}
    return cache(make_response(tk.render("cpdi/search.html", values)), 0)
