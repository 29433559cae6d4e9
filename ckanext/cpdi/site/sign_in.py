"""What CKAN's pages of sign-in and sign-out say of the provider at which staff sign in, where the settings name one."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan.common import session
from flask import request

from ckanext.cpdi import config
from ckanext.cpdi.config.sign_in import button
from ckanext.cpdi.declare import Text

AT_PROVIDER = "cpdi_at_provider"
"""Key of a session whose person signed in at the provider."""
_WORDS = Text("Sign in with the department's account", "Entrar con la cuenta del departamento")


@dataclass(frozen=True)
class WayIn:
    """The button that leads to the provider, and whether everybody may have a password beside it."""

    words: str
    address: str
    passwords: bool


def way_in() -> WayIn | None:
    """Return how staff sign in at the provider; None where there is none."""
    settings = config.sign_in()
    if settings is None:
        return None
    came_from = request.args.get("next") or request.args.get("came_from")
    return WayIn(
        words=button(tk.h.lang()) or _WORDS.get(tk.h.lang()),
        address=tk.url_for("cpdi_sign_in.begin", came_from=came_from or None),
        passwords=settings.passwords,
    )


def way_out() -> str:
    """Return, once after a sign-out, where the person signs out of the provider; empty where they never were there."""
    if config.sign_in() is None or not session.pop(AT_PROVIDER, False):
        return ""
    return tk.url_for("cpdi_sign_in.out")
