"""Guards around harvest sources: who owns them, what everybody may read of them, and how they are cleared or deleted.

The public part of a source has no credential and no reason why a run was held. "Clear" drops no dataset. A deleted
source that is created again comes back with its history.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Action, Context, DataDict

from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.errors import Said
from ckanext.cpdi.harvesters import reasons, stats
from ckanext.cpdi.harvesters.sources import ours
from ckanext.cpdi.jobs.owner import check_owner
from ckanext.cpdi.jobs.source import OURS, SourceConfig, SourceError, check_location, read_config
from ckanext.cpdi.protect.refusal import CLEAR_SOURCE, SYSADMINS, WHY_HELD, Refused, denied, wrong
from ckanext.cpdi.services.spoken import spoken

_TWICE = Said("There is a harvest source with this address and this configuration already.")
_TAKEN = "There already is a Harvest Source"
"""How ckanext-harvest begins what it says of an address that another source has, with the same configuration."""


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
    return status if _may_edit(context, data_dict.get("id")) else without_words(status, spoken(WHY_HELD))


@tk.side_effect_free
@tk.chained_action
def harvest_object_show(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show a harvest object; only those who may edit its source read why it failed."""
    harvest_object = next_(context, data_dict)
    reasons.say(harvest_object["job"], harvest_object.get("errors", ()))
    if not _may_edit(context, harvest_object.get("source")):
        errors = harvest_object.get("errors", ())
        harvest_object["errors"] = [{"stage": error.get("stage"), "message": spoken(WHY_HELD)} for error in errors]
    return harvest_object


@tk.side_effect_free
@tk.chained_action
def harvest_log_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show the log of all sources to sysadmins; raise NotAuthorized for others.

    ckanext-harvest registers the action itself as its auth function, so the check is made here.
    """
    if not context.get("ignore_auth") and not authz.is_sysadmin(context.get("user")):
        raise denied(SYSADMINS)
    return next_(context, data_dict)


def without_words(status: dict[str, Any], public: str = WHY_HELD) -> dict[str, Any]:
    """Return the ``status`` of a source with a ``public`` sentence in place of its last job's error messages."""
    job = status.get("last_job")
    if not job:
        return status
    summaries = {key: [{**error, "message": public} for error in job[key]] for key in reasons.SUMMARIES if key in job}
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

    Raises ValidationError, in the asker's language, where it belongs to another organization, or where its address or
    configuration is invalid or has a credential.
    """
    kind = package.type if package is not None else data_dict.get("type")
    if kind != "harvest":
        return
    stored = _stored_values(package)
    if not str(data_dict.get("source_type", stored["source_type"])).startswith(OURS):
        return
    faults = dict(_faults({**stored, **{name: data_dict[name] for name in stored if name in data_dict}}))
    if faults:
        raise tk.ValidationError({field: [spoken(fault)] for field, fault in faults.items()})


def _faults(source: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each field of a source that cannot be used, and what is wrong with it."""
    checks: dict[str, Callable[[], object]] = {
        "url": lambda: check_location(str(source["url"] or "")),
        "owner_org": lambda: check_owner(source["owner_org"]),
        "config": lambda: _check_config(source),
    }
    for field, check in checks.items():
        try:
            check()
        except (SourceError, DeclarationError) as error:
            yield field, error.said


def _check_config(source: dict[str, Any]) -> None:
    """Raise SourceError or DeclarationError for a configuration that the source's harvester cannot use."""
    for harvester in ours():
        if harvester.name == source["source_type"]:
            harvester.read_source(source["config"])


@contextmanager
def in_words() -> Iterator[None]:
    """Say in the asker's language what ckanext-harvest says in English: that it has such a source already."""
    try:
        yield
    except tk.ValidationError as error:
        if _TAKEN in str(error.error_dict.get("url")):
            raise wrong("url", _TWICE) from None
        raise


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
