"""Who may still sign in with a password where people sign in at a provider.

An account that belongs to a person at the provider has no password here: whoever loses access there loses it here.
Where ``ckanext.cpdi.oidc.passwords`` is false, only sysadmins have one, so that the portal can be reached without the
provider.
Answers are CKAN's for an account that does not exist, so nobody learns which there are.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from flask import request
from werkzeug.wrappers import Response

from ckanext.cpdi import config
from ckanext.cpdi.protect.sign_in.accounts import is_bound

_FIELDS = {"user.login": "login", "user.request_reset": "user"}


def check() -> Response | str | None:
    """Answer a try to sign in with a password, or to have a new one, where the account may not have any."""
    field = _FIELDS.get(request.endpoint or "")
    if request.endpoint == "user.perform_reset":
        _check_reset()
    if request.method != "POST" or field is None or _may(request.form.get(field, "").strip()):
        return None
    if request.endpoint == "user.login":
        tk.h.flash_error(tk._("Login failed. Bad username or password."))
        return tk.render("user/login.html", {})
    tk.h.flash_success(tk._("A reset link has been emailed to you (unless the account specified does not exist)"))
    return tk.redirect_to("home.index")


def _check_reset() -> None:
    """Answer 403 to a link for a new password that is older than the account's way to the provider."""
    if not _may(str((request.view_args or {}).get("id"))):
        tk.abort(403)


def _may(name: str) -> bool:
    settings = config.sign_in()
    user = model.User.get(name) or model.User.by_email(name) if name else None
    if settings is None or user is None:
        return True  # CKAN's own answer
    return not is_bound(user) and (settings.passwords or user.sysadmin)
