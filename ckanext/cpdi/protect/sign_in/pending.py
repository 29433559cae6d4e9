"""Sign-ins that were begun: each can come back once, to the browser that began it, within ten minutes.

They lie in Redis under the hash of their state. The browser's cookie has a number of its own, so that nobody can finish
a sign-in that another began, and several windows can each have theirs.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass

import ckan.plugins.toolkit as tk
from ckan.common import session
from ckan.lib.redis import connect_to_redis
from redis import RedisError

from ckanext.cpdi.protect.sign_in.refused import RefusedError

SECONDS = 600
_MARK = "cpdi_browser"


@dataclass(frozen=True)
class Pending:
    """One sign-in on its way: what the provider's answer is checked against, and where the person goes then."""

    nonce: str
    verifier: str
    came_from: str
    language: str
    browser: str
    """The hash of the number that the browser's cookie has."""


def begin(came_from: str, language: str) -> tuple[str, Pending]:
    """Keep a new sign-in of this browser; return its state and what is kept. Raises RefusedError without Redis."""
    browser = session.get(_MARK) or secrets.token_urlsafe(24)
    session[_MARK] = browser
    state = secrets.token_urlsafe(32)
    made = Pending(secrets.token_urlsafe(32), secrets.token_urlsafe(64), came_from, language, _hash(browser))
    try:
        connect_to_redis().set(_key(state), json.dumps(asdict(made)), ex=SECONDS)
    except RedisError as error:
        raise RefusedError("away", f"Redis: {type(error).__name__}") from None
    return state, made


def take(state: str) -> Pending:
    """Return the sign-in of ``state`` and forget it; raise RefusedError where this browser has none such."""
    try:
        kept = connect_to_redis().getdel(_key(state))
    except RedisError as error:
        raise RefusedError("away", f"Redis: {type(error).__name__}") from None
    if not kept:
        raise RefusedError("stale", "no sign-in with this state is on its way")
    pending = Pending(**json.loads(kept))  # type: ignore[arg-type]  redis-py's types have its asynchronous client too
    if not hmac.compare_digest(pending.browser, _hash(str(session.get(_MARK)))):
        raise RefusedError("stale", "another browser began this sign-in")
    return pending


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _key(state: str) -> str:
    return f"cpdi:{tk.config['ckan.site_id']}:sign-in:{_hash(state)}"
