"""Tokens that no honest provider gives: each is refused, and what is refused with it names no token."""

from __future__ import annotations

import base64
import hmac
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from helpers.web import serving
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from ckanext.cpdi.config import SignIn
from ckanext.cpdi.protect.sign_in import provider
from ckanext.cpdi.protect.sign_in.pending import Pending
from ckanext.cpdi.protect.sign_in.person import person_of
from ckanext.cpdi.protect.sign_in.provider import Provider
from ckanext.cpdi.protect.sign_in.refused import RefusedError

KEY, STRANGER = (RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256"}) for _ in range(2))
PENDING = Pending("the nonce", "v" * 64, "", "en", "")
BACK = "https://portal.example/sign-in/back"
CLIENT = "portal"


class Dishonest:
    """A provider that describes itself well, and gives whatever token it is told."""

    def __init__(self) -> None:
        self.token = ""
        self.description: dict[str, object] = {}
        self.keys = {"keys": [KEY.as_dict(private=False)]}
        self.status = 200
        self.slips: list[str] = []

    def answer(self, request) -> None:
        host = f"http://{request.server.host}"
        if request.path.endswith("/openid-configuration"):
            told = {"issuer": host, "authorization_endpoint": f"{host}/auth", "token_endpoint": f"{host}/token"}
            body = {**told, "jwks_uri": f"{host}/keys", **self.description}
        elif request.path == "/keys":
            body = self.keys
        else:
            self.slips.append(request.rfile.read(int(request.headers["Content-Length"])).decode())
            body = {"access_token": "an access token", "token_type": "Bearer", "id_token": self.token}
        request.send(json.dumps(body).encode(), self.status, Content_Type="application/json")


@pytest.fixture
def dishonest(monkeypatch):
    """The provider, its portal's side, and claims that are right."""
    monkeypatch.setenv("OIDC_SECRET_OF_TESTS", "a secret")
    told = Dishonest()
    with serving(told.answer) as server:
        issuer = f"http://{server.host}"
        settings = SignIn(issuer, CLIENT, "env:OIDC_SECRET_OF_TESTS", ("openid",), "groups", {}, False, True, "")
        now = int(time.time())
        claims = {"iss": issuer, "aud": CLIENT, "sub": "ada", "iat": now, "exp": now + 60, "nonce": PENDING.nonce}
        provider._documents.clear()
        yield told, Provider(settings), claims


def signed(claims, key=KEY, alg="RS256", kid="one") -> str:
    return jwt.encode({"alg": alg, "kid": kid}, claims, key, registry=JWSRegistry(algorithms=[alg]))


def written(header, claims, sign=lambda text: b"") -> str:
    """A token by hand: the library makes none of these."""
    text = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{_base64(sign(text.encode()))}"


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def unsigned(claims) -> str:
    return written({"alg": "none"}, claims)


def by_public_key(claims) -> str:
    """Signed with the text of the public key as a shared secret, which careless readers take."""
    secret = KEY.as_pem(private=False)
    return written({"alg": "HS256", "kid": "one"}, claims, lambda text: hmac.digest(secret, text, "sha256"))


def ask(portal: Provider):
    return portal.claims({"code": "the code"}, PENDING, BACK)


def test_a_right_token_is_taken_with_the_proof_of_the_code(dishonest):
    told, portal, claims = dishonest
    told.token = signed({**claims, "exp": claims["exp"] - 120, "iat": claims["iat"] + 60})  # clocks differ
    assert ask(portal)["sub"] == "ada"
    slip = parse_qs(told.slips[0])
    assert (slip["code"], slip["code_verifier"], slip["redirect_uri"]) == (["the code"], [PENDING.verifier], [BACK])


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": [CLIENT, "another"]}, {"aud": None},
        {"azp": "another"}, {"iss": "https://another.example"}, {"iss": None}, {"sub": None}, {"sub": ["ada"]},
        {"exp": 1}, {"exp": None}, {"exp": "soon"}, {"iat": 99999999999}, {"nbf": 99999999999}, {"at_hash": "other"},
    ],
)  # fmt: skip
def test_wrong_claims_are_refused(dishonest, change):
    told, portal, claims = dishonest
    told.token = signed({name: value for name, value in {**claims, **change}.items() if value is not None})
    with pytest.raises(RefusedError) as refused:
        person_of(ask(portal), "groups")
    assert refused.value.kind == "untrusted"
    assert told.token not in str(refused.value)


@pytest.mark.parametrize(
    "make",
    [
        unsigned,
        by_public_key,
        lambda claims: signed(claims, STRANGER),
        lambda claims: signed(claims, STRANGER, kid="two"),
        lambda claims: signed(claims)[:-4] + "AAAA",
        lambda claims: signed(claims).replace(".", "", 1),
        lambda claims: "",
        lambda claims: None,
    ],
    ids=["none", "shared", "stranger", "kid", "changed", "parts", "empty", "missing"],
)
def test_wrong_signatures_are_refused(dishonest, make):
    told, portal, claims = dishonest
    told.token = make(claims)
    with pytest.raises(RefusedError) as refused:
        ask(portal)
    assert refused.value.kind == "untrusted"


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://another.example"},
        {"jwks_uri": "http://keys.example/"},
        {"token_endpoint": None},
        {"token_endpoint": "file:///etc/passwd"},
    ],
)
def test_a_description_that_leads_elsewhere_is_refused(dishonest, description):
    told, portal, claims = dishonest
    told.token, told.description = signed(claims), description
    with pytest.raises(RefusedError) as refused:
        ask(portal)
    assert refused.value.kind == "away"


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": "none"}, {"keys": [{"kty": "oct", "k": "A" * 64}]}])
def test_without_keys_nothing_is_taken(dishonest, keys):
    told, portal, claims = dishonest
    told.token, told.keys = signed(claims), keys
    with pytest.raises(RefusedError):
        ask(portal)


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_provider_that_fails_is_away(dishonest, status):
    told, portal, claims = dishonest
    told.token, told.status = signed(claims), status
    with pytest.raises(RefusedError) as refused:
        ask(portal)
    assert refused.value.kind == "away"


def test_a_secret_goes_by_form_where_the_provider_takes_no_other_way(dishonest):
    told, portal, claims = dishonest
    told.token = signed(claims)
    told.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    ask(portal)
    assert parse_qs(told.slips[0])["client_secret"] == ["a secret"]
    assert portal.way_out(BACK) is None
    there = portal.way_there("s", PENDING, BACK)
    assert "a secret" not in there
    assert parse_qs(urlsplit(there).query)["state"] == ["s"]


@pytest.mark.parametrize(
    ("claim", "claims", "groups"),
    [
        ("groups", {"groups": ["A", 1, "B"]}, {"A", "B"}),
        ("groups", {"groups": "A, B"}, {"A, B"}),
        ("groups", {}, set()),
        ("realm_access.roles", {"realm_access": {"roles": ["A"]}}, {"A"}),
        ("realm_access.roles", {"realm_access": "A"}, set()),
        ("https://city.example/groups", {"https://city.example/groups": ["A"]}, {"A"}),
        ("hd", {"hd": "city.example"}, {"city.example"}),
        ("email", {"email": "Ada@City.example", "email_verified": True}, {"ada@city.example"}),
        ("email", {"email": "ada@city.example"}, set()),
        ("groups", {"_claim_names": {"groups": "src1"}}, set()),
    ],
)
def test_groups_are_found_where_providers_put_them(claim, claims, groups):
    assert person_of({"iss": "i", "sub": "s", **claims}, claim).groups == groups


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "Ada.Quill@city.example"}, "ada-quill"),
        ({"preferred_username": "../x", "name": "Ada"}, "ada"),
        ({"name": "Ada\x00Q", "email": "ada@city.example", "email_verified": True}, "ada"),
        ({"name": ["Ada"]}, "staff"),
        ({"preferred_username": "Ñandú Peña"}, "and-pe-a"),
    ],
)
def test_names_of_accounts_are_what_ckan_takes(claims, name):
    assert person_of({"iss": "i", "sub": "s", **claims}, "groups").name == name
