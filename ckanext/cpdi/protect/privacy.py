"""Guards around activity: a private or deleted dataset has none in public, and no dataset shows who made it.

CKAN stores with each entry of the activity stream who might read it when it was written. So all entries of a dataset
are marked anew when it is hidden. They stay hidden when it is made public again.
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
    """Hide the activity of a dataset that is not public; do nothing for a public one."""
    package = model.Package.get(package_id)
    if package is None:
        return
    labels = get_permission_labels().get_dataset_labels(package)
    if _PUBLIC not in labels:
        table = cast(Any, Activity).__table__
        model.Session.execute(update(table).where(table.c.object_id == package.id).values(permission_labels=labels))


def hide_all_traces() -> None:
    """Hide the activity of every dataset that is not public; an older version of the portal may have left it open."""
    hidden = model.Session.query(model.Package.id).filter(
        (model.Package.private.is_(True)) | (model.Package.state != "active")
    )
    for (package_id,) in hidden:
        hide_traces(package_id)
    model.Session.commit()


def without_makers(package: dict[str, Any]) -> None:
    """Remove the id of the user who made the dataset."""
    package.pop("creator_user_id", None)


def without_makers_in(result: dict[str, Any]) -> None:
    """Remove from the datasets of a search's ``result`` who made them, unless somebody is signed in."""
    from flask import has_request_context

    if has_request_context() and tk.current_user.is_anonymous:
        for package in result.get("results", ()):
            without_makers(package)


def anonymous(context: Context) -> bool:
    """Return whether the call comes from somebody who is not signed in, and not from the portal itself."""
    return not context.get("ignore_auth") and not context.get("user") and not context.get("for_update")


def _without_actors(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List or show activity; only those who are signed in see whose it is."""
    nobody = anonymous(context)
    result = next_(context, data_dict)
    if nobody:
        for activity in result if isinstance(result, list) else [result]:
            _forget_actor(activity)
    return result


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
    return _without_actors(next_, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def package_activity_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List the activity of a dataset, without who did it for anonymous readers."""
    return _without_actors(next_, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def organization_activity_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401
    """List the activity of an organization, without who did it for anonymous readers."""
    return _without_actors(next_, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def group_activity_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List the activity of a group, without who did it for anonymous readers."""
    return _without_actors(next_, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def activity_show(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show an entry of the activity stream, without who did it for anonymous readers.

    The auth function of ckanext-activity fails where ``include_data`` is missing.
    """
    data_dict.setdefault("include_data", False)
    return _without_actors(next_, context, data_dict)
