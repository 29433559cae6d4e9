"""The user as whom the portal itself calls CKAN's actions."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context

SET_UP = "cpdi_set_up"
"""Key of a context in which the portal creates its own datasets."""


def portal_user(**more: Any) -> Context:  # noqa: ANN401  whatever CKAN's contexts hold
    """Return a new context of CKAN's site user: no check of access, and no entry in the activity stream."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return cast(Context, {"user": user["name"], "ignore_auth": True, **more})
