"""Guards around harvest sources: who owns them, what everybody may read of them, and how they are cleared or deleted.

The public part of a source has no credential and no reason why a run was held. "Clear" drops no dataset. A deleted
source that is created again comes back with its history.
"""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Action, Context, DataDict

from ckanext.cpdi.harvesters import stats
from ckanext.cpdi.jobs.owner import check_owner
from ckanext.cpdi.jobs.source import OURS, SourceConfig, SourceError, check_location, read_config
from ckanext.cpdi.protect.refusal import CLEAR_SOURCE, SYSADMINS, WHY_HELD, Refused

_SUMMARIES = ("object_error_summary", "gather_error_summary")


@tk.chained_action
def harvest_source_clear(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Clear a harvest source; raise Refused for one of ours."""
    from ckanext.cpdi.jobs.ckan_harvest import HarvestSource

    source = HarvestSource.get(data_dict.get("id"))
    if source is not None and source.type.startswith(OURS):
        tk.check_access("harvest_source_clear", context, data_dict)
        raise Refused(CLEAR_SOURCE)
    return next_(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def harvest_source_show_status(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401
    """Show the status of a harvest source; only those who may edit it read why its last job failed."""
    status = stats.harvest_source_show_status(next_, context, data_dict)
    return status if _may_edit(context, data_dict.get("id")) else without_words(status)


@tk.side_effect_free
@tk.chained_action
def harvest_object_show(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show a harvest object; only those who may edit its source read why it failed."""
    harvest_object = next_(context, data_dict)
    if not _may_edit(context, harvest_object.get("source")):
        errors = harvest_object.get("errors", ())
        harvest_object["errors"] = [{"stage": error.get("stage"), "message": WHY_HELD} for error in errors]
    return harvest_object


@tk.side_effect_free
@tk.chained_action
def harvest_log_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show the log of all sources to sysadmins; raise NotAuthorized for others.

    ckanext-harvest registers the action itself as its auth function, so the check is made here.
    """
    if not context.get("ignore_auth") and not authz.is_sysadmin(context.get("user")):
        raise tk.NotAuthorized(SYSADMINS)
    return next_(context, data_dict)


def without_words(status: dict[str, Any]) -> dict[str, Any]:
    """Return the ``status`` of a source with a public sentence in place of its last job's error messages."""
    job = status.get("last_job")
    if not job:
        return status
    summaries = {key: [{**error, "message": WHY_HELD} for error in job[key]] for key in _SUMMARIES if key in job}
    return {**status, "last_job": {**job, **summaries}}


def for_index(package: dict[str, Any]) -> dict[str, Any]:
    """Return a ``package`` for the search index, which everybody can read, without its last job's error messages."""
    if package.get("type", package.get("dataset_type")) != "harvest":
        return package
    document = dict(package)
    for key in ("data_dict", "validated_data_dict"):
        inner = json.loads(document[key])
        if isinstance(inner.get("status"), dict):
            document[key] = json.dumps({**inner, "status": without_words(inner["status"])})
    status = document.get("status")
    if isinstance(status, str):  # as ckanext-harvest leaves it
        document["status"] = json.dumps(without_words(json.loads(status)))
    return document


def _may_edit(context: Context, source_id: str | None) -> bool:
    """Return whether the context's user may edit the source; ``ignore_auth`` does not count."""
    asking = {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")}
    try:
        tk.check_access("package_update", asking, {"id": source_id})  # pyright: ignore[reportArgumentType]
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def check_source(data_dict: DataDict, package: model.Package | None = None) -> None:
    """Check a harvest source of ours before it is saved; ``package`` is the stored source, if there is one.

    Raises ValidationError where it belongs to another organization, or its address is invalid or has a credential.
    """
    kind = package.type if package is not None else data_dict.get("type")
    if kind != "harvest":
        return
    stored = _stored_values(package)
    if not str(data_dict.get("source_type", stored["source_type"])).startswith(OURS):
        return
    try:
        check_location(str(data_dict.get("url", stored["url"]) or ""))
    except SourceError as error:
        raise tk.ValidationError({"url": [str(error)]}) from None
    try:
        check_owner(data_dict.get("owner_org", stored["owner_org"]))
    except SourceError as error:
        raise tk.ValidationError({"owner_org": [str(error)]}) from None


def deleted_source(data_dict: DataDict) -> model.Package | None:
    """Return the deleted source with the same name, or the same address and configuration, as this new one of ours."""
    if data_dict.get("type") != "harvest" or not str(data_dict.get("source_type", "")).startswith(OURS):
        return None
    deleted = model.Session.query(model.Package).filter_by(type="harvest", state="deleted").all()
    same_name = (source for source in deleted if source.name == data_dict.get("name"))
    same_feed = (source for source in deleted if _feed_identity(_stored_values(source)) == _feed_identity(data_dict))
    return next(same_name, next(same_feed, None))


def _stored_values(package: model.Package | None) -> dict[str, Any]:
    """Return type, address, configuration and owner of a stored source; each is None where there is none."""
    from ckanext.cpdi.jobs.ckan_harvest import HarvestSource

    source = HarvestSource.get(package.id) if package is not None else None
    return {
        "source_type": source.type if source else None,
        "url": source.url if source else None,
        "config": source.config if source else None,
        "owner_org": package.owner_org if package is not None else None,
    }


def _feed_identity(source: DataDict | dict[str, Any]) -> tuple[str, str, SourceConfig | None]:
    """Return what two sources of the same feed have in common: type, address and configuration."""
    try:
        config = read_config(source.get("config"), "?")
    except SourceError:
        config = None
    return str(source.get("source_type")), str(source.get("url") or "").strip(), config
