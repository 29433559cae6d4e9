"""What a dataset leaves behind where everybody reads: nothing once it is private or deleted, and no name of its makers.

CKAN keeps with each entry of the activity stream who might read it when it was written. So the entries of a dataset
that is hidden are marked anew, those from before included; they stay hidden when it is opened again.
"""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import get_permission_labels
from ckan.types import Action, Context, DataDict
from sqlalchemy import update

from ckanext.activity.model import Activity

_PUBLIC = "public"


def hide_traces(package_id: str) -> None:
    """Hide the activity of a dataset that not everybody may read; nothing is done for any other."""
    package = model.Package.get(package_id)
    if package is None:
        return
    labels = get_permission_labels().get_dataset_labels(package)
    if _PUBLIC not in labels:
        table = cast(Any, Activity).__table__
        model.Session.execute(update(table).where(table.c.object_id == package.id).values(permission_labels=labels))


def hide_all_traces() -> None:
    """Hide the activity of every dataset that not everybody may read, as an older portal may have left it."""
    hidden = model.Session.query(model.Package.id).filter(
        (model.Package.private.is_(True)) | (model.Package.state != "active")
    )
    for (package_id,) in hidden:
        hide_traces(package_id)
    model.Session.commit()


def without_makers(package: dict[str, Any]) -> None:
    """Take out of a dataset which user made it, where an anonymous reader asks."""
    package.pop("creator_user_id", None)


def of_search(found: dict[str, Any]) -> None:
    """Take out of the datasets that a search ``found`` which user made them, unless somebody is signed in."""
    from flask import has_request_context

    if has_request_context() and tk.current_user.is_anonymous:
        for one in found.get("results", ()):
            without_makers(one)


def anonymous(context: Context) -> bool:
    """Return whether nobody is signed in, and the portal itself does not ask either."""
    return not context.get("ignore_auth") and not context.get("user") and not context.get("for_update")


def _nameless(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List or show activity; whose it is only to those who are signed in."""
    nobody = anonymous(context)
    found = next_(context, data_dict)
    if nobody:
        for one in found if isinstance(found, list) else [found]:
            _forget_actor(one)
    return found


def _forget_actor(activity: dict[str, Any]) -> None:
    activity.pop("user_id", None)
    data = activity.get("data")
    if isinstance(data, dict):
        data.pop("actor", None)
        if isinstance(data.get("package"), dict):
            data["package"].pop("creator_user_id", None)


@tk.side_effect_free
@tk.chained_action
def recently_changed_packages_activity_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401
    """List what changed of late, without who did it for anonymous readers."""
    return _nameless(next_, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def package_activity_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List the activity of a dataset, without who did it for anonymous readers."""
    return _nameless(next_, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def organization_activity_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401
    """List the activity of an organization, without who did it for anonymous readers."""
    return _nameless(next_, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def group_activity_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List the activity of a group, without who did it for anonymous readers."""
    return _nameless(next_, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def activity_show(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show an entry of the activity stream, without who did it for anonymous readers.

    The auth function of ckanext-activity ends in a fault where nothing says whether the data are asked for.
    """
    data_dict.setdefault("include_data", False)
    return _nameless(next_, context, data_dict)
