"""Ends a session at sign-out, with a new password, and after half a day without a request.

CKAN keeps a session in a signed cookie, so whoever has a copy is signed in until it expires, a year later. (Sessions
on the server would be written for every anonymous reader.) So each sign-in is listed in Redis, under the hash of a
number that only its cookie has. The cookie also has a stamp of the password. A session that is not listed is invalid.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.common import g, logout_user, session
from ckan.lib.redis import connect_to_redis
from flask import Blueprint, Flask
from flask_login import user_logged_in, user_logged_out
from redis import RedisError

from ckanext.cpdi.protect.forms import has_token

blueprint = Blueprint("cpdi_sessions", __name__)

IDLE_SECONDS = 12 * 3600
_MARK = "cpdi"


def listen() -> None:
    """List each sign-in, and remove it at its sign-out, from now on."""
    user_logged_in.connect(_begin)
    user_logged_out.connect(_end)


@blueprint.before_app_request
def check() -> None:
    """Treat the user of an ended session as anonymous."""
    if tk.current_user.is_authenticated and not has_token() and not _is_valid():
        logout_user()
        g.user, g.userobj, g.author = "", None, g.remote_addr


def end_after(seconds: int) -> None:
    """End the session that has just begun after ``seconds``, also where it is used until then."""
    session[_MARK] = {**session[_MARK], "until": time.time() + seconds}


def _is_valid() -> bool:
    """Return whether this session was started here with the user's present password, and has not ended since."""
    mark = session.get(_MARK)
    if not isinstance(mark, dict) or not hmac.compare_digest(str(mark.get("with")), _stamp(tk.current_user)):
        return False
    if time.time() > mark.get("until", time.time()):
        return False
    try:
        return bool(connect_to_redis().expire(_key(str(mark.get("id"))), IDLE_SECONDS))
    except RedisError:
        return False


def _begin(app: Flask, user: Any) -> None:  # noqa: ANN401, ARG001  as Flask-Login calls it
    number = secrets.token_urlsafe(24)
    connect_to_redis().set(_key(number), user.id, ex=IDLE_SECONDS)
    session[_MARK] = {"id": number, "with": _stamp(user)}


def _end(app: Flask, user: Any) -> None:  # noqa: ANN401, ARG001  as Flask-Login calls it
    mark = session.pop(_MARK, None)
    if isinstance(mark, dict):
        try:
            connect_to_redis().delete(_key(str(mark.get("id"))))
        except RedisError:
            return


def _key(number: str) -> str:
    return f"cpdi:{tk.config['ckan.site_id']}:session:{hashlib.sha256(number.encode()).hexdigest()}"


def _stamp(user: Any) -> str:  # noqa: ANN401  a user of CKAN
    """Return a keyed hash that changes with the user's password and reveals nothing of it."""
    return hmac.new(str(tk.config["SECRET_KEY"]).encode(), str(user.password).encode(), "sha256").hexdigest()[:32]
