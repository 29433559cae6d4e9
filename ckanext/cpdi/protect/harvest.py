"""Guards around harvest sources: whose they are, what of them everybody reads, and what becomes of them.

What everybody can read of a source holds no credential and not why a run was held; "Clear" drops no dataset; one that
was deleted comes back with its history when it is made again.
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
    """Clear a harvest source, unless it is one of ours; raise Refused for one that is."""
    from ckanext.cpdi.jobs.ckan_harvest import HarvestSource

    source = HarvestSource.get(data_dict.get("id"))
    if source is not None and source.type.startswith(OURS):
        tk.check_access("harvest_source_clear", context, data_dict)
        raise Refused(CLEAR_SOURCE)
    return next_(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def harvest_source_show_status(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401
    """Show the state of a harvest source; why its last job failed only to those who may edit it."""
    status = stats.harvest_source_show_status(next_, context, data_dict)
    return status if _edits(context, data_dict.get("id")) else without_words(status)


@tk.side_effect_free
@tk.chained_action
def harvest_object_show(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show a harvest object; why it failed only to those who may edit its source."""
    found = next_(context, data_dict)
    if not _edits(context, found.get("source")):
        found["errors"] = [{"stage": one.get("stage"), "message": WHY_HELD} for one in found.get("errors", ())]
    return found


@tk.side_effect_free
@tk.chained_action
def harvest_log_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show the log of all sources to sysadmins; ckanext-harvest takes the action itself for its auth function."""
    if not context.get("ignore_auth") and not authz.is_sysadmin(context.get("user")):
        raise tk.NotAuthorized(SYSADMINS)
    return next_(context, data_dict)


def without_words(status: dict[str, Any]) -> dict[str, Any]:
    """Return the ``status`` of a source with a sentence for everybody in the place of what its last job says."""
    job = status.get("last_job")
    if not job:
        return status
    told = {key: [{**one, "message": WHY_HELD} for one in job[key]] for key in _SUMMARIES if key in job}
    return {**status, "last_job": {**job, **told}}


def for_index(package: dict[str, Any]) -> dict[str, Any]:
    """Return a ``package`` on its way into the search index, which everybody reads, without what its last job says."""
    if package.get("type", package.get("dataset_type")) != "harvest":
        return package
    kept = dict(package)
    for key in ("data_dict", "validated_data_dict"):
        inner = json.loads(kept[key])
        if isinstance(inner.get("status"), dict):
            kept[key] = json.dumps({**inner, "status": without_words(inner["status"])})
    status = kept.get("status")
    if isinstance(status, str):  # as ckanext-harvest leaves it
        kept["status"] = json.dumps(without_words(json.loads(status)))
    return kept


def _edits(context: Context, source_id: str | None) -> bool:
    """Return whether whoever asks may edit the source, whatever else the context allows."""
    asking = {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")}
    try:
        tk.check_access("package_update", asking, {"id": source_id})  # pyright: ignore[reportArgumentType]
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def refuse_source(data_dict: DataDict, package: model.Package | None = None) -> None:
    """Raise ValidationError for a harvest source of ours that is another organization's, or whose address is none or
    shows a credential. ``package`` is the source as it stands, if it is there.
    """
    kind = package.type if package is not None else data_dict.get("type")
    if kind != "harvest":
        return
    stored = _stored(package)
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
    """Return the deleted source that this new one of ours is: by its name, or by its address and configuration."""
    if data_dict.get("type") != "harvest" or not str(data_dict.get("source_type", "")).startswith(OURS):
        return None
    gone = model.Session.query(model.Package).filter_by(type="harvest", state="deleted").all()
    same_name = (one for one in gone if one.name == data_dict.get("name"))
    same_feed = (one for one in gone if _feed(_stored(one)) == _feed(data_dict))
    return next(same_name, next(same_feed, None))


def _stored(package: model.Package | None) -> dict[str, Any]:
    """Return what stands of a source: type, address, configuration and owner, each None where there is none."""
    from ckanext.cpdi.jobs.ckan_harvest import HarvestSource

    found = HarvestSource.get(package.id) if package is not None else None
    return {
        "source_type": found.type if found else None,
        "url": found.url if found else None,
        "config": found.config if found else None,
        "owner_org": package.owner_org if package is not None else None,
    }


def _feed(source: DataDict | dict[str, Any]) -> tuple[str, str, SourceConfig | None]:
    """Return what tells the feed of a source from others."""
    try:
        config = read_config(source.get("config"), "?")
    except SourceError:
        config = None
    return str(source.get("source_type")), str(source.get("url") or "").strip(), config
