"""The actions of the records desk: records that must not be there, and the word that rules may be published by.

Numbers of records come in the body of a request alone, are hashed at once, and stand in no error.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.declare.departments.denial import key_text
from ckanext.cpdi.logic import schema


@validate(schema.deny_preview)
def cpdi_deny_preview(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say what denying records would reach, and change nothing.

    :param dataset: name of the dataset whose records these are
    :type dataset: string
    :param numbers: record numbers, as a list or one a line
    :type numbers: list of strings
    :returns: ``given`` different numbers, ``listed`` of them on the list already, ``hits``: rows in the table by
        dataset, ``keys``: the numbers as keyed hashes, for ``cpdi_deny``
    :rtype: dictionary
    :raises NotAuthorized: for anybody whom ``ckanext.cpdi.approvers`` does not name
    """
    from ckanext.cpdi.desk import deny

    tk.check_access("cpdi_deny_preview", context, data_dict)
    with config.store() as store:
        try:
            found = deny.preview(store, data_dict["dataset"], data_dict["numbers"])
        except deny.DenyError as error:
            raise tk.ValidationError({"numbers": [str(error)]}) from None
    keys = [f"{name}:{key_text(key)}" for name, members in found.keys.items() for key in members]
    return {"given": found.given, "listed": found.listed, "hits": found.hits, "keys": keys}


@validate(schema.deny)
def cpdi_deny(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Deny records, or take them off the list: their rows leave every copy, in every dataset that carries the numbers.

    Tables are rid of them when this answers; a job that begins at once does the files and all other copies.

    :param dataset: name of the dataset whose records these are
    :type dataset: string
    :param numbers: record numbers, as a list or one a line; or
    :type numbers: list of strings
    :param keys: what ``cpdi_deny_preview`` gave for them
    :type keys: list of strings
    :param why: expunged, sealed, juvenile, court_order, safety, mistake or other (optional, default: other)
    :type why: string
    :param remove: take them off the list instead (optional)
    :type remove: boolean
    :returns: ``changed``: how many keys the list gained or lost, ``waiting``: datasets in which a run at work keeps
        rows for the moment
    :rtype: dictionary
    :raises NotAuthorized: for anybody whom ``ckanext.cpdi.approvers`` does not name
    """
    from ckanext.cpdi.desk import deny

    tk.check_access("cpdi_deny", context, data_dict)
    who = str(context.get("user") or "")
    with config.store() as store:
        try:
            keys = data_dict.get("keys") or deny.preview(store, data_dict["dataset"], data_dict.get("numbers", [])).keys
            work = deny.release if data_dict["remove"] else partial(deny.deny, at_once=False)
            done = work(store, keys, data_dict["why"], who)
        except deny.DenyError as error:
            raise tk.ValidationError({"numbers": [str(error)]}) from None
    return {"changed": done.changed, "waiting": list(done.waiting)}


@tk.side_effect_free
@validate(schema.nothing)
def cpdi_deny_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say how many records are denied, and who changed the list when and why.

    :returns: ``listed``: records by dataset, ``log``: the last changes, newest first
    :rtype: dictionary
    :raises NotAuthorized: for anybody whom ``ckanext.cpdi.approvers`` does not name
    """
    tk.check_access("cpdi_deny_list", context, data_dict)
    with config.store() as store:
        listed = Counter(one.dataset for one in store.privacy.listed())
        log = [asdict(one) for one in store.privacy.log()]
    return {"listed": dict(listed), "log": log}


@validate(schema.approve)
def cpdi_approve(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Approve the privacy rules of a dataset, which the first time makes it public.

    :param dataset: name of a dataset that has a table
    :type dataset: string
    :param version: the version that was looked at (optional): where it is another by now, nothing is approved
    :type version: string
    :returns: ``version`` and ``profile`` that are approved now
    :rtype: dictionary
    :raises NotAuthorized: for anybody whom ``ckanext.cpdi.approvers`` does not name
    """
    from ckanext.cpdi.pipeline import approval

    tk.check_access("cpdi_approve", context, data_dict)
    with config.store() as store:
        try:
            found = approval.approve(
                store,
                data_dict["dataset"],
                str(context.get("user") or ""),
                reviewed_version=data_dict.get("version", ""),
            )
        except approval.ApprovalError as error:
            raise tk.ValidationError({"version": [str(error)]}) from None
    return {"version": found.version, "profile": found.profile_version}


@tk.side_effect_free
@validate(schema.nothing)
def cpdi_approval_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the privacy rules of every table: those that its last feed came with, and those that are approved.

    :returns: ``dataset``, ``version`` (empty before there are places), ``problem`` (why there are no rules that could
        be used, such as a damaged places file; empty where nothing is wrong), ``profile``, ``approved`` (whether it is
        this version), ``approved_version``, ``approved_at``, ``approved_by``
    :rtype: list of dictionaries
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    """
    from ckanext.cpdi.pipeline import approval

    tk.check_access("cpdi_approval_list", context, data_dict)
    with config.store() as store:
        found = [approval.rules(store, one.name) for one in config.library().tables]
    return [
        {
            "dataset": one.dataset,
            "version": one.version,
            "problem": one.problem,
            "profile": one.profile_version,
            "approved": one.approved,
            "approved_version": one.approval.version if one.approval else "",
            "approved_at": one.approval.at if one.approval else None,
            "approved_by": one.approval.who if one.approval else "",
        }
        for one in found
    ]
