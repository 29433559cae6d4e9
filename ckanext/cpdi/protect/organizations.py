"""Guards around the organization that the settings name. The portal finds it by name, so its name and state stay.

CKAN's actions for groups accept an organization as well, so they are guarded alike. Only those who may edit a declared
dataset may add it to a group.
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
    group = model.Group.get(reference) if isinstance(reference, str) and reference else None
    return group is not None and group.name == config.organization()


def has_staff(user: object) -> bool:
    """Return whether ``user``, a name, may edit the datasets of the organization that the settings name."""
    name = user if isinstance(user, str) else None
    return bool(authz.has_user_permission_for_group_or_org(config.organization(), name, "update_dataset"))


def _update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update a group or an organization; raise ValidationError where ours would change its name or state."""
    if is_ours(data_dict.get("id")):
        if data_dict.get("name", config.organization()) != config.organization():
            raise refusal.wrong("name", refusal.ORGANIZATION)
        if data_dict.get("state", "active") != "active":
            raise refusal.wrong("state", refusal.ORGANIZATION)
    _refuse_datasets(context, data_dict)
    return next_(context, data_dict)


def _remove(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete or purge a group or an organization; raise NotAuthorized for ours."""
    if is_ours(data_dict.get("id")):
        raise refusal.denied(refusal.ORGANIZATION)
    return next_(context, data_dict)


@tk.chained_action
def organization_update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update an organization; ours keeps name and state. Every patch ends here."""
    return _update(next_, context, data_dict)


@tk.chained_action
def group_update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update a group; raise NotAuthorized for an organization, since CKAN would overwrite its members."""
    group = model.Group.get(data_dict.get("id") or "")
    if group is not None and group.is_organization:
        raise refusal.denied(refusal.ORGANIZATION)
    return _update(next_, context, data_dict)


@tk.chained_action
def group_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Create a group; only those who may edit a declared dataset may put it in."""
    _refuse_datasets(context, data_dict)
    return next_(context, data_dict)


@tk.chained_action
def organization_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete an organization, but not ours."""
    return _remove(next_, context, data_dict)


@tk.chained_action
def organization_purge(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Purge an organization, but not ours."""
    return _remove(next_, context, data_dict)


@tk.chained_action
def group_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete a group; CKAN accepts an organization here too, so ours is refused."""
    return _remove(next_, context, data_dict)


@tk.chained_action
def group_purge(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Purge a group; CKAN accepts an organization here too, so ours is refused."""
    return _remove(next_, context, data_dict)


@tk.chained_action
def member_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Put a user, dataset or group into a group; only those who may edit a declared dataset may do so."""
    _refuse_dataset(context, data_dict)
    return next_(context, data_dict)


@tk.chained_action
def member_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Take a user, dataset or group out of a group; only those who may edit a declared dataset may do so."""
    _refuse_dataset(context, data_dict)
    return next_(context, data_dict)


def _refuse_dataset(context: Context, data_dict: DataDict) -> None:
    """Raise NotAuthorized where a declared dataset would change its organization, or the user may not edit it."""
    if data_dict.get("object_type") != "package":
        return
    group = model.Group.get(data_dict.get("id") or "")
    package = _declared(data_dict.get("object"))
    if package is not None and group is not None and group.is_organization:
        raise refusal.denied(refusal.MOVE_DATASET)
    _refuse_datasets(context, {"packages": [{"id": data_dict.get("object")}]})


def _refuse_datasets(context: Context, data_dict: DataDict) -> None:
    """Raise NotAuthorized where ``packages`` has a declared dataset that the user may not edit."""
    if context.get("ignore_auth"):
        return
    for member in data_dict.get("packages") or ():
        package = _declared((member.get("id") or member.get("name")) if isinstance(member, dict) else member)
        if package is not None:
            try:
                tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
            except tk.NotAuthorized:
                raise refusal.denied(refusal.GATHER_DATASET) from None


def _declared(reference: object) -> model.Package | None:
    """Return the declared dataset that CKAN finds by ``reference``; None for any other dataset, or for none."""
    package = model.Package.get(reference) if isinstance(reference, str) and reference else None
    return package if package is not None and package.name in config.library().datasets else None
