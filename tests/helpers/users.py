"""People who sign in."""

from __future__ import annotations

import re
from typing import Any

from ckan.tests import factories, helpers

PASSWORD = "a password of the tests 1"


def browser(app: Any, name: str, password: str = PASSWORD) -> Any:
    """A client with cookies in which this user has signed in by the form."""
    client = app.test_client()
    data = {"login": name, "password": password}
    assert client.post("/user/login", data=data, follow_redirects=False).status_code == 302
    return client


def token_of(page: Any) -> str:
    """The token that the forms of a page send."""
    found = re.search(r'name="_csrf_token" (?:type="hidden" )?(?:value|content)="([^"]+)"', page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)[:2000]
    return found[1]


def signed_in(*, sysadmin: bool = False, capacity: str = "") -> dict[str, Any]:
    """A new user with a token: ``name``, ``context`` for actions, ``headers`` for requests.

    ``capacity`` is the role in the department's organization.
    """
    from ckanext.cpdi import config

    user = factories.UserWithToken(sysadmin=sysadmin, password=PASSWORD)
    if capacity:
        helpers.call_action(
            "organization_member_create", id=config.organization(), username=user["name"], role=capacity
        )
    return {
        "name": user["name"],
        "context": {"user": user["name"], "ignore_auth": False},
        "headers": {"Authorization": user["token"]},
    }
