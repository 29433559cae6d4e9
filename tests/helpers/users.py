"""People who sign in."""

from __future__ import annotations

from typing import Any

from ckan.tests import factories, helpers


def signed_in(*, sysadmin: bool = False, capacity: str = "") -> dict[str, Any]:
    """A new user with a token: ``name``, ``context`` for actions, ``headers`` for requests.

    ``capacity`` is the role in the department's organization.
    """
    from ckanext.cpdi import config

    user = factories.UserWithToken(sysadmin=sysadmin)
    if capacity:
        helpers.call_action(
            "organization_member_create", id=config.organization(), username=user["name"], role=capacity
        )
    return {
        "name": user["name"],
        "context": {"user": user["name"], "ignore_auth": False},
        "headers": {"Authorization": user["token"]},
    }
