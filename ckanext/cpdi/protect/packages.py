"""Guards around datasets. Every way of editing a dataset ends in ``package_update``, so they are placed there."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import PLACES, Part
from ckanext.cpdi.catalog.people import SET_UP
from ckanext.cpdi.protect import harvest, refusal, resources

_REPORT_FIELDS = ("id", "url", "url_type", "name", "description", "format", "mimetype", "size", "hash")


@tk.chained_action
def package_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Create a dataset; raise ValidationError for a declared one, which only the portal itself creates."""
    harvest.check_source(data_dict)
    deleted = harvest.deleted_source(data_dict)
    if deleted is not None:  # CKAN refuses its name and address as taken, though no page shows it: so it is restored
        tk.check_access("package_create", context, data_dict)
        return tk.get_action("package_update")(context, {**data_dict, "id": deleted.id, "state": "active"})
    if not context.get(SET_UP):
        _refuse_reserved(data_dict.get("name"))
        if data_dict.get("resources"):
            data_dict["resources"] = [_without_mark(resource) for resource in data_dict["resources"]]
    with harvest.in_words():
        return next_(context, data_dict)


@tk.chained_action
def package_update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Update a dataset; a declared one keeps its name, state and resources.

    Raises ValidationError, keyed by the field, for a change that is refused.
    """
    package = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    if package is not None:
        harvest.check_source(data_dict, package)
        if package.name not in {PLACES, *config.library().datasets}:
            _refuse_reserved(data_dict.get("name"))
        else:
            _refuse_change(package, data_dict)
            if not context.get(SET_UP):
                _refuse_opening(package, data_dict.get("private", package.private))
        if "resources" in data_dict:
            data_dict["resources"] = _guarded_resources(package, data_dict["resources"], bool(context.get(SET_UP)))
    with harvest.in_words():
        return next_(context, data_dict)


@tk.chained_action
def package_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete a dataset; raise NotAuthorized for one with a table."""
    _refuse_removal(data_dict)
    return next_(context, data_dict)


@tk.chained_action
def dataset_purge(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Purge a dataset; raise NotAuthorized for one with a table."""
    _refuse_removal(data_dict)
    return next_(context, data_dict)


@tk.chained_action
def resource_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete a resource; raise NotAuthorized for a table, and for a report of the archive."""
    part = resources.part_named(data_dict.get("id"))
    if part is not None and part.is_table:
        raise refusal.denied(refusal.DELETE_RESOURCE)
    if resources.is_report(model.Resource.get(data_dict.get("id") or "")):
        raise refusal.denied(refusal.REPORT)
    return next_(context, data_dict)


@tk.chained_action
def package_owner_org_update(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Move a dataset to an organization; raise NotAuthorized where a declared one would leave its own."""
    if would_move(data_dict.get("id"), data_dict.get("organization_id")):
        raise refusal.denied(refusal.MOVE_DATASET)
    return next_(context, data_dict)


def would_move(name_or_id: str | None, organization: str | None) -> bool:
    """Return whether a declared dataset would move to an organization that the settings do not name."""
    package = model.Package.get(name_or_id) if name_or_id else None
    if package is None or package.name not in config.library().datasets:
        return False
    target = model.Group.get(organization) if organization else None
    return target is None or (target.id != package.owner_org and target.name != config.organization())


def declared_table(name_or_id: str | None) -> bool:
    """Return whether the dataset is declared with a table."""
    package = model.Package.get(name_or_id) if name_or_id else None
    return package is not None and resources.has_table(package.name)


def _refuse_removal(data_dict: DataDict) -> None:
    if declared_table(data_dict.get("id")):
        raise refusal.denied(refusal.DELETE_DATASET)


def _refuse_reserved(name: object) -> None:
    """Raise ValidationError where somebody's dataset takes the name of a declared one."""
    if name == PLACES or name in config.library().by_name:
        raise refusal.wrong("name", refusal.RESERVED_NAME)


def _refuse_change(package: model.Package, data_dict: DataDict) -> None:
    """Raise ValidationError where a declared dataset would be renamed, deleted or lose its table."""
    if data_dict.get("name", package.name) != package.name:
        raise refusal.wrong("name", refusal.RENAME_DATASET)
    if "owner_org" in data_dict and would_move(package.id, data_dict["owner_org"]):
        raise refusal.wrong("owner_org", refusal.MOVE_DATASET)
    if not resources.has_table(package.name):
        return
    if data_dict.get("state", "active") == "deleted":
        raise refusal.wrong("state", refusal.DELETE_DATASET)
    if "resources" in data_dict:
        kept_ids = {resource.get("id") for resource in data_dict["resources"]}
        if any(resources.is_table(resource.id) and resource.id not in kept_ids for resource in package.resources):
            raise refusal.wrong("resources", refusal.DELETE_RESOURCE)


@tk.chained_action
def bulk_update_public(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Make datasets public, unless the rules of one have not been approved; raise ValidationError for that."""
    for name in data_dict.get("datasets", ()):
        package = model.Package.get(name)
        if package is not None:
            _refuse_opening(package, False)
    return next_(context, data_dict)


def _refuse_opening(package: model.Package, private: object) -> None:
    """Raise ValidationError where a private dataset would be made public before its rules are approved."""
    if package.private and not tk.asbool(private) and resources.has_table(package.name):
        from ckanext.cpdi.catalog.approved import unapproved

        with config.store() as store:
            if unapproved(store, package.name):
                raise refusal.wrong("private", refusal.OPEN_DATASET)


def _guarded_resources(package: model.Package, sent: list[dict[str, Any]], set_up: bool) -> list[dict[str, Any]]:
    """Return the resources ``sent`` by a form or the API: ours as declared and stored, the others without our mark.

    Raises ValidationError for an id that occurs twice, or for a missing resource of ours, which only the portal adds
    (``set_up``).
    """
    stored = {resource.id: resource for resource in package.resources}
    ids = [resource["id"] for resource in sent if resource.get("id")]
    if len(ids) != len(set(ids)):
        raise refusal.wrong("resources", refusal.TWICE)
    if resources.is_series(package.name):
        return [_guarded_report(resource, stored, set_up) for resource in _with_reports(stored, sent, set_up)]

    def guard_resource(resource: dict[str, Any]) -> dict[str, Any]:
        part: Part | None = resources.part(resource.get("id"))
        owned = part is not None and config.library().owner(part.dataset) == package.name
        if part is not None and owned and (set_up or part.id in stored):
            values = _stored_values(stored[part.id]) if part.id in stored else {}
            return resources.keep(resource, values, part)
        return _without_mark(resource, is_stored=resource.get("id") in stored and not resource.get("upload"))

    return [guard_resource(resource) for resource in sent]


def _with_reports(stored: dict[str, model.Resource], sent: list[dict[str, Any]], set_up: bool) -> list[dict[str, Any]]:
    """Return ``sent``; raise ValidationError where it lacks a report of the archive, unless the portal sends it."""
    ids = {resource.get("id") for resource in sent}
    if not set_up and any(resources.is_report(resource) and key not in ids for key, resource in stored.items()):
        raise refusal.wrong("resources", refusal.REPORT)
    return sent


def _guarded_report(sent: dict[str, Any], stored: dict[str, model.Resource], set_up: bool) -> dict[str, Any]:
    """Return a resource of a series: a report of the archive as it is stored, any other without our mark.

    Raises ValidationError for a file, which goes through the archive.
    """
    before = stored.get(sent.get("id") or "")
    if set_up:
        return sent
    if before is not None and resources.is_report(before):
        return _report_values(before)
    is_stored = before is not None and not sent.get("upload")
    was_upload = before is not None and before.url_type == "upload"
    if resources.is_upload(sent) and not (is_stored and was_upload):
        raise refusal.wrong("upload", refusal.REPORT_UPLOAD)
    return _without_mark(sent, is_stored=is_stored)


def _report_values(resource: model.Resource) -> dict[str, Any]:
    """Return a stored resource as ``package_update`` takes it."""
    values = {**resource.extras, **{name: getattr(resource, name) for name in _REPORT_FIELDS}}
    if resource.last_modified:
        values["last_modified"] = resource.last_modified.isoformat()
    return {name: value for name, value in values.items() if value not in (None, "")}


def _stored_values(resource: model.Resource) -> dict[str, Any]:
    """Return the stored values of a resource that a form may leave out."""
    fields = ("mimetype", "size", "hash", "description", "name")
    values = {field: getattr(resource, field) for field in fields if getattr(resource, field)}
    if resource.last_modified:
        values["last_modified"] = resource.last_modified.isoformat()
    return {**resource.extras, **values}


def _without_mark(resource: dict[str, Any], *, is_stored: bool = False) -> dict[str, Any]:
    """Return somebody's resource without our mark; raise ValidationError where it takes an id of ours.

    A real portal refuses synthetic reports as well, unless one ``is_stored`` already: it can be edited and removed.
    """
    if resources.is_ours(resource.get("id")):
        raise refusal.wrong("resources", refusal.FOREIGN_RESOURCE)
    if config.production() and not is_stored and resources.is_sample(resource):
        raise refusal.wrong("resources", refusal.SAMPLE_REPORT)
    return resources.disown(resource)
