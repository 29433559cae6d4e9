"""What changes something needs a POST that comes from a page of this portal, whichever extension has the route.

A browser sends the cookie of somebody who is signed in along with whatever another site makes it send. So the origin
of each such request is looked at, and the token of its form; CKAN's own check leaves out a view once an anonymous
reader has asked for it, and knows nothing of routes that change something at a GET. API tokens travel in a header
that no other site can set, so requests with one are not asked.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.common import g, session
from ckan.config.middleware.flask_app import csrf
from flask import Blueprint, current_app, request
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as Answer

from ckanext.cpdi.services.http.statuses import status_of

blueprint = Blueprint("cpdi_forms", __name__)

_READS = ("GET", "HEAD", "OPTIONS")
_CHANGED_BY_A_LINK = frozenset(
    {"harvester.refresh", "harvester.clear", "harvester.delete", "harvester.job_abort", "user.logout"}
)
"""Routes that change something, and that their extensions answer at a GET as well."""
_CHANGES = re.compile(r"bulk_.*|.*_(create|update|delete|patch|purge|clear|reorder|reindex|revise|abort|submit)(_.*)?")
"""Names of actions that change something; some of them are marked as readers, so that a link would run them."""
_API = "api.action"
_INNER = re.compile(
    r"InactiveSource|get_mail_extra_vars|prepare_\w+_mail|send_(mail|error_email|summary_email)"
    r"|harvest_source_reindex|harvest_abort_failed_jobs"
)
"""Inner parts of ckanext-harvest that are listed as actions, and look at nobody's rights."""

NOT_BY_A_LINK = "A link cannot do this, so that no other site does it in your name: use the button on the page."
NO_ACTION = "This is an inner part of the portal, and no action of its API."
FROM_ELSEWHERE = "This was sent from a page of another site, so nothing was done."
TOO_OLD = "The page that this was sent from is too old, or not this portal's. Open it again and send it anew."


@blueprint.before_app_request
def check() -> None:
    """Answer 405 to a link that would change something, 403 to a form that is not of this portal's own page."""
    named = (request.view_args or {}).get("logic_function", "") if request.endpoint == _API else ""
    if _INNER.fullmatch(named):
        tk.abort(403, NO_ACTION)
    if request.method in _READS:
        if request.endpoint in _CHANGED_BY_A_LINK or _CHANGES.fullmatch(named):
            tk.abort(405, NOT_BY_A_LINK)
    elif not has_token():
        _check_origin()
        if tk.current_user.is_authenticated:
            _check_token()


def has_token() -> bool:
    """Return whether whoever asks is known by an API token, and not by the cookie of a session."""
    header = request.headers.get(tk.config["apitoken_header_name"])
    return bool(header) and bool(g.get("login_via_auth_header")) and tk.current_user.is_authenticated


def _check_origin() -> None:
    """Refuse what a page of another site sends, if anything but the request's own content says who asks."""
    if request.endpoint == _API and tk.current_user.is_anonymous and not session.get("_user_id"):
        return  # the API is open to everybody's pages
    origin, fetched = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if fetched not in ("same-origin", "none") or (origin and not _is_own(origin)):
        tk.abort(403, FROM_ELSEWHERE)


def _is_own(origin: str) -> bool:
    return urlsplit(origin).netloc in (request.host, urlsplit(tk.config["ckan.site_url"]).netloc)


def _check_token() -> None:
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        try:
            csrf.protect()
        except CSRFError as error:
            tk.abort(status_of(error), TOO_OLD)


@blueprint.app_errorhandler(tk.NotAuthorized)
def refused(error: tk.NotAuthorized) -> tuple[str, int]:
    """Answer 403 where a page of CKAN does not catch a refusal, which would be a fault of the portal otherwise.

    The error's own words may name what is hidden, so they are not shown.
    """
    status, login = status_of(error), tk.current_user.is_anonymous
    shown = {"code": status, "name": "Forbidden", "content": "", "show_login_redirect_link": login}
    return tk.render("error_document_template.html", shown), status


@blueprint.post("/harvest/<source>/job/<id>/abort")
def abort(source: str, id: str) -> Answer:
    """End a job, as the link of ckanext-harvest does, which is refused above."""
    try:
        tk.get_action("harvest_job_abort")({"user": tk.current_user.name}, {"id": id})
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        return tk.abort(status_of(error))
    return tk.redirect_to("harvester.admin", id=source)
