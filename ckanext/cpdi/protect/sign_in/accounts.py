"""The account of a person whom the provider named: found, made, or refused; and its role in the organization.

An account belongs to issuer and subject, which stand in its ``plugin_extras``; only sysadmins can write these.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import func, text

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.config import SignIn
from ckanext.cpdi.protect.people import is_portal
from ckanext.cpdi.protect.sign_in.person import Person
from ckanext.cpdi.protect.sign_in.refused import RefusedError

log = logging.getLogger(__name__)


def account_for(person: Person, settings: SignIn) -> model.User:
    """Return the account of ``person``, with the role that their groups give.

    Raises RefusedError where no group gives one, which takes the role away that the account had, and where the account
    is closed.
    """
    _one_at_a_time(person)
    user, role = _bound(person), settings.role_of(person.groups)
    if user is not None and user.state != "active":
        raise RefusedError("account", f"the account {user.name} is {user.state}")
    if role is None:
        if user is not None:
            _set_role(user, None)
        model.Session.commit()
        who = user.name if user else "somebody without an account"
        raise RefusedError("group", f"none of the {len(person.groups)} groups of {who} gives a role")
    if user is None:
        user = (settings.match_mail and _by_mail(person)) or _create(person)
    _set_role(user, role)
    return user


def is_bound(user: model.User) -> bool:
    """Return whether the account belongs to a person at a provider, and so has no password."""
    return bool(((user.plugin_extras or {}).get("cpdi") or {}).get("oidc"))


def _one_at_a_time(person: Person) -> None:
    """Wait for another first sign-in of the same person, until its commit, so that they get one account."""
    model.Session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 0))"), {"who": repr(_mark(person))})


def _mark(person: Person) -> dict[str, Any]:
    return {"cpdi": {"oidc": {"iss": person.issuer, "sub": person.subject}}}


def _bound(person: Person) -> model.User | None:
    users = model.Session.query(model.User)
    return users.filter(model.User.plugin_extras.contains(_mark(person))).first()  # type: ignore[attr-defined]  a column of JSON


def _by_mail(person: Person) -> model.User | None:
    """Return the account with the person's verified mail, theirs from now on; None where it may not become theirs."""
    user = _of_mail(person.mail)
    if user is None or user.sysadmin or is_bound(user) or is_portal(user.name):
        return None
    user.plugin_extras = {**(user.plugin_extras or {}), **_mark(person)}
    model.Session.commit()
    log.info("sign-in: the account %s belongs to a person at the provider now, by its mail", user.name)
    return user


def _create(person: Person) -> model.User:
    """Return a new account, with a password that nobody knows."""
    taken = _of_mail(person.mail) is not None
    user = model.User(
        name=_free(person.name),
        fullname=person.full_name,
        email=None if taken else person.mail or None,
        password=secrets.token_urlsafe(48),
        plugin_extras=_mark(person),
    )
    model.Session.add(user)
    model.Session.flush()
    model.Session.add(model.Dashboard(user.id))
    model.Session.commit()
    log.info("sign-in: made the account %s%s", user.name, ", without its mail, which another has" if taken else "")
    return user


def _of_mail(mail: str) -> model.User | None:
    if not mail:
        return None
    active = model.Session.query(model.User).filter(model.User.state == "active")
    return active.filter(func.lower(model.User.email) == mail).first()


def _free(name: str) -> str:
    """Return ``name``, or with the first number that makes it one that nobody has."""
    tried, number = name, 1
    while model.User.get(tried) is not None:
        number += 1
        tried = f"{name}-{number}"
    return tried


def _set_role(user: model.User, role: str | None) -> None:
    """Give ``user`` this role in the department's organization, or none."""
    organization = model.Group.get(config.organization())
    if organization is None:
        raise RefusedError("account", f"the organization {config.organization()} is missing: run `ckan cpdi init`")
    members = model.Session.query(model.Member.capacity).filter_by(
        group_id=organization.id, table_id=user.id, table_name="user", state="active"
    )
    if members.scalar() == role:
        return
    asked = {"id": organization.id, "username": user.name}
    if role is None:
        tk.get_action("organization_member_delete")(portal_user(), asked)
    else:
        tk.get_action("organization_member_create")(portal_user(), {**asked, "role": role})
    log.info("sign-in: the role of %s in %s is %s now", user.name, organization.name, role or "none")
