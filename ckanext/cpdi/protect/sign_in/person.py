"""Who the provider says somebody is: checked claims in, a person out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.cpdi.protect.sign_in.refused import RefusedError

_MAIL = "email"
_LONGEST = 200
_LONGEST_SUBJECT = 255
_SHORTEST_NAME = 2


@dataclass(frozen=True)
class Person:
    """A person at the provider. ``issuer`` and ``subject`` together name them for good."""

    issuer: str
    subject: str
    full_name: str
    name: str
    """A name for an account, of the characters that CKAN takes; others may have it already."""
    mail: str
    """Empty where the provider does not say that it is verified."""
    groups: frozenset[str]


def person_of(claims: Mapping[str, Any], groups_claim: str) -> Person:
    """Return the person of ``claims``; raise RefusedError where they name nobody."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise RefusedError("untrusted", "the ID token has no subject")
    mail = _text(claims, _MAIL).lower() if claims.get("email_verified") is True else ""
    full_name = _text(claims, "name")
    return Person(
        issuer=str(claims["iss"]),
        subject=subject,
        full_name=full_name,
        name=_account_name(_text(claims, "preferred_username"), mail, full_name),
        mail=mail,
        groups=_groups(claims, groups_claim, mail),
    )


def _groups(claims: Mapping[str, Any], name: str, mail: str) -> frozenset[str]:
    """Return the texts of the claim ``name``, or of the one that a path such as ``realm_access.roles`` leads to."""
    if name == _MAIL:  # single people as groups, only by a mail that is theirs
        return frozenset({mail} - {""})
    value: Any = claims.get(name)
    if value is None:
        value = claims
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(group for group in values if isinstance(group, str))


def _account_name(*candidates: str) -> str:
    """Return the first of ``candidates`` that has letters enough, written as CKAN wants names."""
    for candidate in candidates:
        name = re.sub(r"[^a-z0-9_]+", "-", candidate.lower().partition("@")[0])[:50].strip("-")
        if len(name) >= _SHORTEST_NAME:
            return name
    return "staff"


def _text(claims: Mapping[str, Any], name: str) -> str:
    """Return a claim as one line of text; empty where there is none."""
    value = claims.get(name)
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) and value.isprintable() else ""
