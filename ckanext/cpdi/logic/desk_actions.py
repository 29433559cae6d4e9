"""The actions of the records desk: the deny list, and the approval of privacy rules.

Record numbers come only in the body of a request, are hashed at once, and occur in no error.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.declare.departments.denial import key_text
from ckanext.cpdi.logic import schema


@validate(schema.deny_preview)
def cpdi_deny_preview(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the effect of denying records; change nothing.

    :param dataset: name of the dataset whose records these are
    :type dataset: string
    :param numbers: record numbers, as a list or one a line
    :type numbers: list of strings
    :returns: ``given``: how many different numbers; ``listed``: how many of them are on the list already; ``hits``:
        matching rows by dataset; ``keys``: the numbers as keyed hashes, for ``cpdi_deny``; ``mentions``: pages of
        reports that have one of the numbers in their text (``report``, ``series``, ``file_name``, ``page``)
    :rtype: dictionary
    :raises NotAuthorized: for anybody whom ``ckanext.cpdi.approvers`` does not name
    """
    from ckanext.cpdi.desk import deny

    tk.check_access("cpdi_deny_preview", context, data_dict)
    with config.store() as store:
        try:
            preview = deny.preview(store, data_dict["dataset"], data_dict["numbers"])
        except deny.DenyError as error:
            raise tk.ValidationError({"numbers": [error.said]}) from None
    keys = [f"{name}:{key_text(key)}" for name, members in preview.keys.items() for key in members]
    return {
        "given": preview.numbers,
        "listed": preview.listed,
        "hits": preview.hits,
        "keys": keys,
        "mentions": [asdict(mention) for mention in preview.mentions],
    }


@validate(schema.deny)
def cpdi_deny(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Deny records, or remove them from the list. Denied rows leave every copy, in every dataset with the numbers.

    The rows have left the tables when this answers; a job purges files and all other copies.

    :param dataset: name of the dataset whose records these are
    :type dataset: string
    :param numbers: record numbers, as a list or one a line; or
    :type numbers: list of strings
    :param keys: the ``keys`` of ``cpdi_deny_preview``
    :type keys: list of strings
    :param why: expunged, sealed, juvenile, court_order, safety, mistake or other (optional, default: other)
    :type why: string
    :param remove: remove them from the list instead (optional)
    :type remove: boolean
    :returns: ``changed``: how many keys were added or removed; ``waiting``: datasets whose rows wait for a run to end
    :rtype: dictionary
    :raises NotAuthorized: for anybody whom ``ckanext.cpdi.approvers`` does not name
    """
    from ckanext.cpdi.desk import deny

    tk.check_access("cpdi_deny", context, data_dict)
    who = str(context.get("user") or "")
    with config.store() as store:
        try:
            keys = data_dict.get("keys") or deny.preview(store, data_dict["dataset"], data_dict.get("numbers", [])).keys
            work = deny.lift if data_dict["remove"] else partial(deny.deny, at_once=False)
            result = work(store, keys, data_dict["why"], who)
        except deny.DenyError as error:
            raise tk.ValidationError({"numbers": [error.said]}) from None
    return {"changed": result.changed, "waiting": list(result.waiting)}


@tk.side_effect_free
@validate(schema.nothing)
def cpdi_deny_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how many records are denied, and who changed the list when and why.

    :returns: ``listed``: records by dataset, ``log``: the last changes, newest first
    :rtype: dictionary
    :raises NotAuthorized: for anybody whom ``ckanext.cpdi.approvers`` does not name
    """
    tk.check_access("cpdi_deny_list", context, data_dict)
    with config.store() as store:
        listed = Counter(denied_record.dataset for denied_record in store.privacy.listed())
        log = [asdict(change) for change in store.privacy.log()]
    return {"listed": dict(listed), "log": log}


@validate(schema.approve)
def cpdi_approve(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Approve the privacy rules of a dataset; the first approval makes it public.

    :param dataset: name of a dataset that has a table
    :type dataset: string
    :param version: the version that was reviewed (optional); where it is another by now, nothing is approved
    :type version: string
    :returns: the ``version`` and the ``profile`` that are approved now
    :rtype: dictionary
    :raises NotAuthorized: for anybody whom ``ckanext.cpdi.approvers`` does not name
    """
    from ckanext.cpdi.pipeline import approval

    tk.check_access("cpdi_approve", context, data_dict)
    with config.store() as store:
        try:
            rules = approval.approve(
                store,
                data_dict["dataset"],
                str(context.get("user") or ""),
                reviewed_version=data_dict.get("version", ""),
            )
        except approval.ApprovalError as error:
            raise tk.ValidationError({"version": [error.said]}) from None
    return {"version": rules.version, "profile": rules.profile_version}


@tk.side_effect_free
@validate(schema.nothing)
def cpdi_approval_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the privacy rules of every table in the catalogue: those of its last feed, and those that are approved.

    :returns: ``dataset``, ``version`` (empty before there are places), ``problem`` (why the rules cannot be used, such
        as a damaged places file; else empty), ``profile``, ``approved`` (whether this version is approved),
        ``approved_version``, ``approved_at``, ``approved_by``
    :rtype: list of dictionaries
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    """
    from ckanext.cpdi.pipeline import approval

    tk.check_access("cpdi_approval_list", context, data_dict)
    with config.store() as store:
        library = config.library()
        offered = [table.name for table in library.tables if model.Package.get(library.owner(table.name)) is not None]
        all_rules = [approval.rules(store, name) for name in offered]
    return [
        {
            "dataset": rules.dataset,
            "version": rules.version,
            "problem": rules.problem,
            "profile": rules.profile_version,
            "approved": rules.approved,
            "approved_version": rules.approval.version if rules.approval else "",
            "approved_at": rules.approval.at if rules.approval else None,
            "approved_by": rules.approval.who if rules.approval else "",
        }
        for rules in all_rules
    ]
