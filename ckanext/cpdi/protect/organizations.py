"""Guards around the organization that the settings name: found by its name, so it keeps it, and is not deleted.

CKAN's actions for groups take an organization as well, so they are guarded alike. A group shows a declared dataset only
by the hand of somebody who may edit that.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Action, Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.protect import refusal


def is_ours(reference: object) -> bool:
    """Return whether CKAN finds by ``reference``, a name or an id, the organization that the settings name."""
    found = model.Group.get(reference) if isinstance(reference, str) and reference else None
    return found is not None and found.name == config.organization()


def has_staff(user: object) -> bool:
    """Return whether ``user``, a name, may edit the datasets of the organization that the settings name."""
    name = user if isinstance(user, str) else None
    return bool(authz.has_user_permission_for_group_or_org(config.organization(), name, "update_dataset"))


def _kept(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update a group or an organization; raise ValidationError where ours would lose its name or its state."""
    if is_ours(data_dict.get("id")):
        if data_dict.get("name", config.organization()) != config.organization():
            raise tk.ValidationError({"name": [refusal.ORGANIZATION]})
        if data_dict.get("state", "active") != "active":
            raise tk.ValidationError({"state": [refusal.ORGANIZATION]})
    _refuse_datasets(context, data_dict)
    return next_(context, data_dict)


def _not_removed(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete or purge a group or an organization; raise NotAuthorized for ours."""
    if is_ours(data_dict.get("id")):
        raise tk.NotAuthorized(refusal.ORGANIZATION)
    return next_(context, data_dict)


@tk.chained_action
def organization_update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update an organization; ours keeps name and state. Every patch ends here."""
    return _kept(next_, context, data_dict)


@tk.chained_action
def group_update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update a group; raise NotAuthorized for an organization, whose members it would write anew."""
    found = model.Group.get(data_dict.get("id") or "")
    if found is not None and found.is_organization:
        raise tk.NotAuthorized(refusal.ORGANIZATION)
    return _kept(next_, context, data_dict)


@tk.chained_action
def group_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Create a group, which shows declared datasets only for those who may edit them."""
    _refuse_datasets(context, data_dict)
    return next_(context, data_dict)


@tk.chained_action
def organization_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete an organization, but not ours."""
    return _not_removed(next_, context, data_dict)


@tk.chained_action
def organization_purge(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Purge an organization, but not ours."""
    return _not_removed(next_, context, data_dict)


@tk.chained_action
def group_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete a group, which our organization is not."""
    return _not_removed(next_, context, data_dict)


@tk.chained_action
def group_purge(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Purge a group, which our organization is not."""
    return _not_removed(next_, context, data_dict)


@tk.chained_action
def member_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Put a user, dataset or group into a group; a declared dataset only for those who may edit it."""
    _refuse_dataset(context, data_dict)
    return next_(context, data_dict)


@tk.chained_action
def member_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Take a user, dataset or group out of a group; a declared dataset only for those who may edit it."""
    _refuse_dataset(context, data_dict)
    return next_(context, data_dict)


def _refuse_dataset(context: Context, data_dict: DataDict) -> None:
    """Raise NotAuthorized for a dataset that is put in or out of an organization, or by one who may not edit it."""
    if data_dict.get("object_type") != "package":
        return
    group = model.Group.get(data_dict.get("id") or "")
    package = _declared(data_dict.get("object"))
    if package is not None and group is not None and group.is_organization:
        raise tk.NotAuthorized(refusal.MOVE_DATASET)
    _refuse_datasets(context, {"packages": [{"id": data_dict.get("object")}]})


def _refuse_datasets(context: Context, data_dict: DataDict) -> None:
    """Raise NotAuthorized where ``packages`` has a declared dataset that whoever asks may not edit."""
    if context.get("ignore_auth"):
        return
    for one in data_dict.get("packages") or ():
        package = _declared((one.get("id") or one.get("name")) if isinstance(one, dict) else one)
        if package is not None:
            try:
                tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
            except tk.NotAuthorized:
                raise tk.NotAuthorized(refusal.GATHER_DATASET) from None


def _declared(reference: object) -> model.Package | None:
    """Return the declared dataset that CKAN finds by ``reference``; None for another, or none."""
    found = model.Package.get(reference) if isinstance(reference, str) and reference else None
    return found if found is not None and found.name in config.library().datasets else None
