"""Guards around users. The portal acts as a user of its own, whom nobody can edit, rename, delete or sign in as."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.cpdi.protect import refusal
from ckanext.cpdi.protect.privacy import anonymous


def is_portal(reference: object) -> bool:
    """Return whether ``reference``, a name or an id, is that of the user as whom the portal itself acts."""
    user = model.User.get(reference) if isinstance(reference, str) and reference else None
    return user is not None and user.name == tk.config["ckan.site_id"]


@tk.chained_action
def user_update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update a user; raise NotAuthorized for the portal's own. Every patch ends here."""
    return _change_user(next_, context, data_dict)


@tk.chained_action
def user_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete a user; raise NotAuthorized for the portal's own."""
    return _change_user(next_, context, data_dict)


@tk.chained_action
def api_token_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Create a token; raise NotAuthorized for the portal's own user, unless the portal or its command line asks."""
    if is_portal(data_dict.get("user")) and not context.get("ignore_auth"):
        raise refusal.denied(refusal.PORTAL_USER)
    return next_(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def member_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List the members of a group; its users only to those who are signed in."""
    nobody = anonymous(context)
    return [member for member in next_(context, data_dict) if not nobody or str(member[1]).lower() != "user"]


def _change_user(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    if is_portal(data_dict.get("id")):
        raise refusal.denied(refusal.PORTAL_USER)
    return next_(context, data_dict)
