"""Guards around users: the portal acts as one of its own, whom nobody edits, renames, deletes or signs in as."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.cpdi.protect import refusal
from ckanext.cpdi.protect.privacy import anonymous


def is_portal(reference: object) -> bool:
    """Return whether CKAN finds by ``reference``, a name or an id, the user as whom the portal itself acts."""
    found = model.User.get(reference) if isinstance(reference, str) and reference else None
    return found is not None and found.name == tk.config["ckan.site_id"]


@tk.chained_action
def user_update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update a user; raise NotAuthorized for the portal's own. Every patch ends here."""
    return _not_portal(next_, context, data_dict)


@tk.chained_action
def user_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete a user; raise NotAuthorized for the portal's own."""
    return _not_portal(next_, context, data_dict)


@tk.chained_action
def api_token_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Create a token; of the portal's own user only the portal itself (and the operator's command) may."""
    if is_portal(data_dict.get("user")) and not context.get("ignore_auth"):
        raise tk.NotAuthorized(refusal.PORTAL_USER)
    return next_(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def member_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List what belongs to a group; its users only to those who are signed in."""
    nobody = anonymous(context)
    return [one for one in next_(context, data_dict) if not nobody or str(one[1]).lower() != "user"]


def _not_portal(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    if is_portal(data_dict.get("id")):
        raise tk.NotAuthorized(refusal.PORTAL_USER)
    return next_(context, data_dict)
