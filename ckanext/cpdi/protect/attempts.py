"""How often somebody may try to sign in, or ask for a new password, within a quarter of an hour.

Tries are counted by account and address, by account and by address, in Redis, whether or not there is such an
account, and the answer is the same with the right password: neither tells anything of it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis
from flask import Blueprint, Flask, Response, make_response, request
from flask_login import user_logged_in
from redis import RedisError

blueprint = Blueprint("cpdi_attempts", __name__)

SECONDS = 900
MOST = {"pair": 10, "account": 50, "address": 30}
"""Tries by one address for one account, by all addresses for one account, by one address for all."""
_FIELDS = {"user.login": "login", "user.request_reset": "user", "user.perform_reset": ""}
TOO_OFTEN = "Too many tries to sign in. Wait a quarter of an hour, then try again, or ask for a new password."


def listen() -> None:
    """Forget an account's tries from an address once somebody has signed in from there."""
    user_logged_in.connect(_forget)


@blueprint.before_app_request
def check() -> Response | None:
    """Answer 429 to a try too many."""
    field = _FIELDS.get(request.endpoint or "")
    if request.method != "POST" or field is None:
        return None
    named = request.form.get(field, "") if field else (request.view_args or {}).get("id", "")
    try:
        counted = {kind: _count(key) for kind, key in _keys(named).items()}
    except RedisError:
        return None  # a portal without Redis signs nobody in anyhow
    if all(counted[kind] <= MOST[kind] for kind in counted):
        return None
    tk.h.flash_error(tk._(TOO_OFTEN))
    answer = make_response(tk.render("user/login.html", {}), 429)
    answer.headers["Retry-After"] = str(SECONDS)
    return answer


def _keys(named: str) -> dict[str, str]:
    """Return under which keys a try for the account ``named``, by its name or its mail address, is counted."""
    found = model.User.by_name(named) or model.User.by_email(named)
    account, address = found.id if found else named.strip().lower(), request.remote_addr or ""
    parts = {"pair": f"{account} {address}", "account": account, "address": address}
    return {kind: _key(kind, part) for kind, part in parts.items()}


def _key(kind: str, part: str) -> str:
    hashed = hashlib.sha256(part.encode()).hexdigest()
    return f"cpdi:{tk.config['ckan.site_id']}:tries:{kind}:{hashed}"


def _count(key: str) -> int:
    """Count a try under ``key``, for as long as the first one counts."""
    redis = connect_to_redis()
    done: Any = redis.incr(key)
    if done == 1:
        redis.expire(key, SECONDS)
    return int(done)


def _forget(app: Flask, user: Any) -> None:  # noqa: ANN401, ARG001  as Flask-Login calls it
    try:
        connect_to_redis().delete(_key("pair", f"{user.id} {request.remote_addr or ''}"))
    except RedisError:
        return
