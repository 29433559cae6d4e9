"""Sign-in of staff by OpenID Connect: its settings, checked and typed."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.cpdi.config.errors import SettingError

_KEY = "ckanext.cpdi.oidc."
ROLES = ("member", "editor", "admin")
"""CKAN's roles in an organization, the least first."""


@dataclass(frozen=True)
class SignIn:
    """A provider of OpenID Connect, and what its people may do here."""

    issuer: str
    client_id: str
    secret_from: str
    """``env:NAME`` or ``file:PATH``."""
    scopes: tuple[str, ...]
    groups_claim: str
    roles: Mapping[str, str]
    """The role that each group gives."""
    match_mail: bool
    passwords: bool
    """Whether accounts that are not the provider's sign in with a password; sysadmins always do."""
    ca_file: str

    def role_of(self, groups: frozenset[str]) -> str | None:
        """Return the highest role that ``groups`` give; None where they give none."""
        given = [self.roles[group] for group in groups if group in self.roles]
        return max(given, key=ROLES.index, default=None)

    def secret(self) -> str:
        """Return the client's secret; raise SettingError, without a value, where it cannot be read."""
        kind, _, name = self.secret_from.partition(":")
        if kind == "env":
            value = os.environ.get(name, "")
        else:
            try:
                value = Path(name).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise SettingError(f"{_KEY}client_secret: the file {name} cannot be read") from None
        if not value:
            raise SettingError(f"{_KEY}client_secret: {self.secret_from} is empty or not set")
        return value


def sign_in() -> SignIn | None:
    """Return how staff sign in by OpenID Connect; None where no issuer is set.

    Raises SettingError for a setting that is wrong or missing.
    """
    if not tk.config["ckanext.cpdi.oidc.issuer"]:
        return None
    settings = SignIn(
        issuer=tk.config["ckanext.cpdi.oidc.issuer"],
        client_id=tk.config["ckanext.cpdi.oidc.client_id"],
        secret_from=tk.config["ckanext.cpdi.oidc.client_secret"],
        scopes=tuple(tk.config["ckanext.cpdi.oidc.scopes"]),
        groups_claim=tk.config["ckanext.cpdi.oidc.groups_claim"],
        roles=_roles(),
        match_mail=tk.config["ckanext.cpdi.oidc.match_mail"],
        passwords=tk.config["ckanext.cpdi.oidc.passwords"],
        ca_file=tk.config["ckanext.cpdi.oidc.ca_file"],
    )
    _check(settings)
    return settings


def button(language: str) -> str:
    """Return the words of the sign-in's button in ``language``; empty where none are set."""
    spanish = tk.config["ckanext.cpdi.oidc.button_es"] if language == "es" else ""
    return spanish or tk.config["ckanext.cpdi.oidc.button"]


def _check(settings: SignIn) -> None:
    """Raise SettingError for what is wrong or missing."""
    if not is_safe(settings.issuer) or urlsplit(settings.issuer).query or urlsplit(settings.issuer).fragment:
        raise SettingError(f"{_KEY}issuer must begin with https:// and is written as the provider writes it")
    if not settings.client_id:
        raise SettingError(f"{_KEY}client_id is missing: it is the name under which the provider knows the portal")
    if not settings.secret_from.startswith(("env:", "file:")):
        raise SettingError(f"{_KEY}client_secret is env:NAME or file:PATH, so that the secret stands in no settings")
    if not settings.roles:
        raise SettingError(f"{_KEY}editors, members or admins: name the groups that may work here")
    if "openid" not in settings.scopes:
        raise SettingError(f"{_KEY}scopes must have openid")


def is_safe(url: str) -> bool:
    """Return whether ``url`` is of https, or of this machine itself."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _roles() -> Mapping[str, str]:
    """Return the role of each group, the highest where it is named twice.

    There is one group a line, since names of groups have spaces and commas.
    """
    groups = {
        "member": tk.config["ckanext.cpdi.oidc.members"],
        "editor": tk.config["ckanext.cpdi.oidc.editors"],
        "admin": tk.config["ckanext.cpdi.oidc.admins"],
    }
    return MappingProxyType(
        {line.strip(): role for role in ROLES for line in groups[role].splitlines() if line.strip()}
    )
