"""The ways to the provider, back from it, and out of it."""

from __future__ import annotations

import logging
import re
import secrets
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.common import session
from ckan.views.user import regenerate_session, rotate_token
from flask import Blueprint, make_response, redirect, request
from flask_babel import refresh
from werkzeug.wrappers import Response

from ckanext.cpdi import addresses, config
from ckanext.cpdi.config import SignIn
from ckanext.cpdi.protect import sessions
from ckanext.cpdi.protect.sign_in import passwords, pending
from ckanext.cpdi.protect.sign_in.accounts import account_for
from ckanext.cpdi.protect.sign_in.person import person_of
from ckanext.cpdi.protect.sign_in.provider import Provider
from ckanext.cpdi.protect.sign_in.refused import WORDS, RefusedError
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.site.sign_in import AT_PROVIDER

log = logging.getLogger(__name__)
blueprint = Blueprint("cpdi_sign_in", __name__)
blueprint.before_app_request(passwords.check)

LONGEST_SECONDS = 12 * 3600
"""How long such a session lasts, so that who lost a group has lost its role by the next day."""
_BACK = "/sign-in/back"
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


@blueprint.get("/sign-in")
def begin() -> Response:
    """Lead to the provider."""
    settings = _settings()
    came_from = local(request.args.get("came_from", ""))
    if tk.current_user.is_authenticated:
        return _go(came_from)
    try:
        state, kept = pending.begin(came_from, tk.h.lang())
        return _uncached(redirect(Provider(settings).way_there(state, kept, addresses.url(_BACK))))
    except RefusedError as error:
        return _refuse(error)


@blueprint.get(_BACK)
def back() -> Response:
    """Sign in the person who comes back from the provider."""
    settings = _settings()
    answer = {
        "code": request.args.get("code", ""),
        "error": request.args.get("error", ""),
        "iss": request.args.get("iss", ""),
    }
    try:
        kept = pending.take(request.args.get("state", ""))
        _speak(kept.language)
        claims = Provider(settings).claims(answer, kept, addresses.url(_BACK))
        user = account_for(person_of(claims, settings.groups_claim), settings)
    except RefusedError as error:
        return _refuse(error)
    session.clear()
    regenerate_session()
    tk.login_user(user)
    rotate_token()
    sessions.end_after(LONGEST_SECONDS)
    session[AT_PROVIDER] = True
    return _go(kept.came_from)


@blueprint.get("/sign-in/out")
def out() -> Response:
    """Lead to the provider's own sign-out, or to the page after ours where it has none."""
    settings = _settings()
    try:
        address = Provider(settings).way_out(addresses.url("/user/logged_out_redirect"))
    except RefusedError as error:
        return _refuse(error)
    return _uncached(redirect(address) if address else tk.redirect_to("user.logged_out_page"))


def local(target: str) -> str:
    """Return ``target`` where it is a path of this portal; empty for anything that might lead elsewhere."""
    return target if _PATH.fullmatch(target) and not urlsplit(target).netloc else ""


def _settings() -> SignIn:
    """Return the settings; answer 404 where there is no such sign-in."""
    return config.sign_in() or tk.abort(404)


def _go(came_from: str) -> Response:
    return _uncached(tk.redirect_to(came_from or tk.config["ckan.auth.route_after_login"]))


def _speak(language: str) -> None:
    """Answer in the language in which the sign-in was begun: the provider knows one address to come back to."""
    request.environ["CKAN_LANG"] = language
    request.environ["CKAN_LANG_IS_DEFAULT"] = language == tk.config["ckan.locale_default"]
    refresh()


def _refuse(error: RefusedError) -> Response:
    """Show why nobody was signed in; the log has the details under the number that the page has."""
    number = secrets.token_hex(4)
    log.warning("sign-in refused (%s, %s): %s", number, error.kind, error)
    shown = {"words": WORDS[error.kind].get(tk.h.lang()), "number": number}
    answer = make_response(tk.render("cpdi/sign_in_refused.html", shown), error.status)
    if error.kind == "away":
        answer.headers["Retry-After"] = "120"
    return _uncached(answer)


def _uncached(answer: Response) -> Response:
    return cache(answer, 0)  # type: ignore[arg-type]  CKAN's redirects are werkzeug's
