"""Who acts when the portal itself does."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

SET_UP = "cpdi_set_up"
"""Key of a context in which the portal makes its own datasets."""


def portal_user(**more: Any) -> dict[str, Any]:  # noqa: ANN401  whatever CKAN's contexts hold
    """Return a fresh context in which the portal acts: no check of access, and no entry in the activity stream."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": user["name"], "ignore_auth": True, **more}
