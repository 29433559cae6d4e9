"""Limits how often somebody may try to sign in, or ask for a new password, within a quarter of an hour.

Tries are counted in Redis: by account and address together, by account, and by address. They count whether or not
the account exists, and the answer is the same with the right password, so neither reveals anything about it.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Flask, Response, make_response, request
from flask_login import user_logged_in
from redis import RedisError

from ckanext.cpdi.site import tally

blueprint = Blueprint("cpdi_attempts", __name__)

SECONDS = 900
MOST = {"pair": 10, "account": 50, "address": 30}
"""Tries by one address for one account, by all addresses for one account, by one address for all."""
_ACCOUNT_FIELDS = {"user.login": "login", "user.request_reset": "user", "user.perform_reset": ""}
TOO_OFTEN = "Too many tries to sign in. Wait a quarter of an hour, then try again, or ask for a new password."


def listen() -> None:
    """Forget an account's tries from an address once somebody has signed in from there."""
    user_logged_in.connect(_forget)


@blueprint.before_app_request
def check() -> Response | None:
    """Answer 429 when there were too many tries."""
    field = _ACCOUNT_FIELDS.get(request.endpoint or "")
    if request.method != "POST" or field is None:
        return None
    account_name = request.form.get(field, "") if field else (request.view_args or {}).get("id", "")
    try:
        counted = {kind: tally.count(kind, part, SECONDS) for kind, part in _parts(account_name).items()}
    except RedisError:
        return None  # a portal without Redis signs nobody in anyhow
    if all(counted[kind] <= MOST[kind] for kind in counted):
        return None
    tk.h.flash_error(tk._(TOO_OFTEN))
    answer = make_response(tk.render("user/login.html", {}), 429)
    answer.headers["Retry-After"] = str(SECONDS)
    return answer


def _parts(account_name: str) -> dict[str, str]:
    """Return what the tries for an account, given its name or mail address, are counted by; by kind as in ``MOST``."""
    user = model.User.by_name(account_name) or model.User.by_email(account_name)
    account, address = user.id if user else account_name.strip().lower(), request.remote_addr or ""
    return {"pair": f"{account} {address}", "account": account, "address": address}


def _forget(app: Flask, user: Any) -> None:  # noqa: ANN401, ARG001  as Flask-Login calls it
    try:
        tally.forget("pair", f"{user.id} {request.remote_addr or ''}")
    except RedisError:
        return
