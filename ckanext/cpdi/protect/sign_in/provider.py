"""The provider of OpenID Connect: its description, the way there, and what it says of the person who comes back.

Authlib does the authorization code flow with PKCE and checks the claims; joserfc, which it brings, checks signatures.
Every fault is a RefusedError whose detail names no token, code or secret.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from ckanext.cpdi.config import SettingError, SignIn
from ckanext.cpdi.config.sign_in import is_safe
from ckanext.cpdi.protect.sign_in.pending import Pending
from ckanext.cpdi.protect.sign_in.refused import RefusedError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Signatures that are taken: those by a key of the provider alone. None is not one, nor is one by a shared secret."""
CLOCK_SKEW = 120
"""Seconds by which the clocks of portal and provider may differ."""
_DOCUMENT_SECONDS = 300
_TIMEOUT = (5, 10)
_MOST_BYTES = 1 << 20
_documents: dict[str, tuple[float, Mapping[str, Any]]] = {}


class Provider:
    """The provider that the settings name."""

    def __init__(self, settings: SignIn) -> None:
        """Ask nothing yet."""
        self._settings = settings

    def way_there(self, state: str, pending: Pending, back: str) -> str:
        """Return the address at which the person signs in; the provider leads to ``back`` from there."""
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=state,
                code_verifier=pending.verifier,
                nonce=pending.nonce,
                redirect_uri=back,
                ui_locales=pending.language,
            )
        return url

    def way_out(self, back: str) -> str | None:
        """Return the address at which the person signs out of the provider as well; None where it has none."""
        if not self._document().get("end_session_endpoint"):
            return None
        query = urlencode({"client_id": self._settings.client_id, "post_logout_redirect_uri": back})
        address = self._endpoint("end_session_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{query}"

    def claims(self, answer: Mapping[str, str], pending: Pending, back: str) -> Mapping[str, Any]:
        """Return what the provider says of the person, given the parameters that the browser came back with."""
        if answer.get("error"):
            raise RefusedError(_kind(answer["error"]), f"the provider says {_code(answer['error'])}")
        named = self._document().get("authorization_response_iss_parameter_supported") or answer.get("iss")
        if named and answer.get("iss") != self._settings.issuer:
            raise RefusedError("untrusted", "the answer is of another issuer")
        if not answer.get("code"):
            raise RefusedError("stale", "the answer has no code")
        return self._checked(self._token(answer["code"], pending, back), pending.nonce)

    def _token(self, code: str, pending: Pending, back: str) -> Mapping[str, Any]:
        """Return the tokens that the provider gives for ``code``."""
        address = self._endpoint("token_endpoint")
        with self._session() as session, _faults("the exchange of the code"):
            return session.fetch_token(
                address,
                grant_type="authorization_code",
                code=code,
                code_verifier=pending.verifier,
                redirect_uri=back,
                allow_redirects=False,
                timeout=_TIMEOUT,
            )

    def _checked(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """Return the claims of the ID token; the provider's keys are asked for each time, so that they may change."""
        if not isinstance(token.get("id_token"), str):
            raise RefusedError("untrusted", "the provider gave no ID token")
        keys = self._get(self._endpoint("jwks_uri"))
        settings = self._settings
        try:
            registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
            read = jwt.decode(token["id_token"], KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": settings.issuer},
                    "aud": {"essential": True, "value": settings.client_id},
                },
                {"nonce": nonce, "client_id": settings.client_id, "access_token": token.get("access_token")},
            )
            claims.validate(leeway=CLOCK_SKEW)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise RefusedError("untrusted", f"ID token: {_named(error)}") from None
        return claims

    def _endpoint(self, name: str) -> str:
        address = self._document().get(name)
        if not isinstance(address, str) or not is_safe(address):
            raise RefusedError("away", f"the provider's description has no {name} by https")
        return address

    def _document(self) -> Mapping[str, Any]:
        """Return the provider's description of itself, which is kept for some minutes."""
        issuer = self._settings.issuer
        since, document = _documents.get(issuer, (0.0, {}))
        if time.monotonic() - since > _DOCUMENT_SECONDS or not document:
            document = self._get(issuer.rstrip("/") + "/.well-known/openid-configuration")
            if document.get("issuer") != issuer:
                raise RefusedError("away", "the provider's description names another issuer than the settings")
            _documents[issuer] = time.monotonic(), document
        return document

    def _get(self, address: str) -> Mapping[str, Any]:
        """Return the JSON object at an address of the provider."""
        with requests.Session() as session, _faults("a question for its description or keys"):
            session.trust_env = False  # no proxy, and no password of a .netrc
            session.verify = self._settings.ca_file or True
            with session.get(address, timeout=_TIMEOUT, allow_redirects=False, stream=True) as answer:
                if answer.status_code != requests.codes.ok:
                    raise RefusedError("away", f"a description or keys: status {answer.status_code}")
                body = next(answer.iter_content(_MOST_BYTES), b"")
            document = json.loads(body)
        if not isinstance(document, dict):
            raise RefusedError("away", "a description or keys that are no JSON object")
        return document

    def _session(self) -> Any:  # noqa: ANN401  an OAuth2Session: requests has no types
        settings, offered = self._settings, self._document().get("token_endpoint_auth_methods_supported")
        by_form = isinstance(offered, list) and "client_secret_basic" not in offered
        try:
            secret = settings.secret()
        except SettingError as error:
            raise RefusedError("away", str(error)) from None
        session: Any = OAuth2Session(
            settings.client_id,
            secret,
            token_endpoint_auth_method="client_secret_post" if by_form else "client_secret_basic",
            scope=" ".join(settings.scopes),
            code_challenge_method="S256",
        )
        session.trust_env = False
        session.verify = settings.ca_file or True
        return session


@contextmanager
def _faults(where: str) -> Iterator[None]:
    """Turn what goes wrong with a question to the provider into a RefusedError."""
    try:
        yield
    except AuthlibBaseError as error:  # a code that was used already, is too old or another client's
        kind = "stale" if error.error == "invalid_grant" else "away"
        raise RefusedError(kind, f"{where}: {_named(error)}") from None
    except (requests.RequestException, ValueError, OSError) as error:
        raise RefusedError("away", f"{where}: {type(error).__name__}") from None


def _kind(error: str) -> str:
    return "away" if error in ("server_error", "temporarily_unavailable") else "declined"


def _named(error: Exception) -> str:
    """Return the class of an error, and its code or the claim that it is about; its text might have a value."""
    said = getattr(error, "claim", None) or getattr(error, "error", None)
    return f"{type(error).__name__} ({_code(said)})" if said else type(error).__name__


def _code(text: object) -> str:
    """Return a code that a log may have: letters, digits, underscores and points."""
    return re.sub(r"[^\w.]", "", str(text), flags=re.ASCII)[:60]
