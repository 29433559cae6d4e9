"""Guards against forged requests: a change needs a POST from a page of this portal, whichever extension has the route.

A browser sends a signed-in user's cookie with every request, also with one that another site makes it send. So each
request that may change something is checked for its origin and for the token of its form. CKAN's own check skips a
view once an anonymous reader has requested it, and does not know of routes that change something on a GET. API tokens
travel in a header that no other site can set, so requests with a token are not checked.
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

from ckanext.cpdi.errors import Said
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.spoken import spoken

blueprint = Blueprint("cpdi_forms", __name__)

_READS = ("GET", "HEAD", "OPTIONS")
_LINKS_THAT_CHANGE = frozenset(
    {"harvester.refresh", "harvester.clear", "harvester.delete", "harvester.job_abort", "user.logout"}
)
"""Routes that change something, and that their extensions answer at a GET as well."""
_CHANGING_ACTIONS = re.compile(
    r"bulk_.*|.*_(create|update|delete|patch|purge|clear|reorder|reindex|revise|abort|submit)(_.*)?"
)
"""Names of actions that change something. Some of them are marked as free of side effects, so a link could run them."""
_API = "api.action"
_INNER_ACTIONS = re.compile(
    r"InactiveSource|get_mail_extra_vars|prepare_\w+_mail|send_(mail|error_email|summary_email)"
    r"|harvest_source_reindex|harvest_abort_failed_jobs"
)
"""Internal functions of ckanext-harvest that are listed as actions and check no permissions."""

NOT_BY_A_LINK = Said("A link cannot do this, so that no other site does it in your name: use the button on the page.")
NO_ACTION = Said("This is an inner part of the portal, and no action of its API.")
FROM_ELSEWHERE = Said("This was sent from a page of another site, so nothing was done.")
TOO_OLD = Said("The page that this was sent from is too old, or not this portal's. Open it again and send it anew.")


@blueprint.before_app_request
def check() -> None:
    """Answer 405 to a link that would change something, 403 to a form that does not come from a page of this portal."""
    action_name = (request.view_args or {}).get("logic_function", "") if request.endpoint == _API else ""
    if _INNER_ACTIONS.fullmatch(action_name):
        tk.abort(403, spoken(NO_ACTION))
    if request.method in _READS:
        if request.endpoint in _LINKS_THAT_CHANGE or _CHANGING_ACTIONS.fullmatch(action_name):
            tk.abort(405, spoken(NOT_BY_A_LINK))
    elif not has_token():
        _check_origin()
        if tk.current_user.is_authenticated:
            _check_token()


def has_token() -> bool:
    """Return whether the request is authenticated by an API token, and not by a session's cookie."""
    header = request.headers.get(tk.config["apitoken_header_name"])
    return bool(header) and bool(g.get("login_via_auth_header")) and tk.current_user.is_authenticated


def _check_origin() -> None:
    """Refuse a request from another site's page where a cookie may authenticate it."""
    if request.endpoint == _API and tk.current_user.is_anonymous and not session.get("_user_id"):
        return  # the API is open to everybody's pages
    origin, fetch_site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if fetch_site not in ("same-origin", "none") or (origin and not _is_own(origin)):
        tk.abort(403, spoken(FROM_ELSEWHERE))


def _is_own(origin: str) -> bool:
    return urlsplit(origin).netloc in (request.host, urlsplit(tk.config["ckan.site_url"]).netloc)


def _check_token() -> None:
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        try:
            csrf.protect()
        except CSRFError as error:
            tk.abort(status_of(error), spoken(TOO_OLD))


@blueprint.app_errorhandler(tk.NotAuthorized)
def answer_forbidden(error: tk.NotAuthorized) -> tuple[str, int]:
    """Answer 403 where a page of CKAN does not catch a refusal; without this it would be a 500.

    The error's own text may name something hidden, so it is not shown.
    """
    status, login = status_of(error), tk.current_user.is_anonymous
    shown = {"code": status, "content": "", "show_login_redirect_link": login}
    return tk.render("error_document_template.html", shown), status


@blueprint.post("/harvest/<source>/job/<id>/abort")
def abort(source: str, id: str) -> Answer:
    """Abort a job by POST. The link of ckanext-harvest does the same by GET, which ``check`` refuses."""
    try:
        tk.get_action("harvest_job_abort")({"user": tk.current_user.name}, {"id": id})
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        return tk.abort(status_of(error))
    return tk.redirect_to("harvester.admin", id=source)
