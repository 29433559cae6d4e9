"""The portal's actions in CKAN's API, and the guards around CKAN's own actions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.harvesters.reasons import harvest_job_report
from ckanext.cpdi.harvesters.stats import harvest_job_list, harvest_job_show
from ckanext.cpdi.logic import schema
from ckanext.cpdi.logic.desk_actions import (
    cpdi_approval_list,
    cpdi_approve,
    cpdi_deny,
    cpdi_deny_list,
    cpdi_deny_preview,
)
from ckanext.cpdi.logic.erratum_actions import (
    cpdi_erratum_answer,
    cpdi_erratum_list,
    cpdi_erratum_remove,
    cpdi_erratum_show,
)
from ckanext.cpdi.logic.report_actions import (
    cpdi_report_faults,
    cpdi_report_list,
    cpdi_report_picture,
    cpdi_report_receive,
    cpdi_report_release,
    cpdi_report_show,
    cpdi_report_withdraw,
)
from ckanext.cpdi.logic.sql_search import datastore_search_sql
from ckanext.cpdi.protect.catalogues import dcat_catalog_show, dcat_dataset_show
from ckanext.cpdi.protect.harvest import (
    harvest_log_list,
    harvest_object_show,
    harvest_source_clear,
    harvest_source_show_status,
)
from ckanext.cpdi.protect.organizations import (
    group_create,
    group_delete,
    group_purge,
    group_update,
    member_create,
    member_delete,
    organization_delete,
    organization_purge,
    organization_update,
)
from ckanext.cpdi.protect.packages import (
    bulk_update_public,
    dataset_purge,
    package_create,
    package_delete,
    package_owner_org_update,
    package_update,
    resource_delete,
)
from ckanext.cpdi.protect.people import api_token_create, member_list, user_delete, user_update
from ckanext.cpdi.protect.privacy import (
    activity_show,
    group_activity_list,
    organization_activity_list,
    package_activity_list,
    recently_changed_packages_activity_list,
)
from ckanext.cpdi.protect.resources import resource_search
from ckanext.cpdi.protect.rows import (
    datastore_create,
    datastore_delete,
    datastore_function_create,
    datastore_function_delete,
    datastore_records_delete,
    datastore_run_triggers,
    datastore_search,
    datastore_upsert,
)

__all__ = [
    "activity_show",
    "api_token_create",
    "bulk_update_public",
    "cpdi_approval_list",
    "cpdi_approve",
    "cpdi_changes",
    "cpdi_dataset_refresh",
    "cpdi_deny",
    "cpdi_deny_list",
    "cpdi_deny_preview",
    "cpdi_department_init",
    "cpdi_erratum_answer",
    "cpdi_erratum_list",
    "cpdi_erratum_remove",
    "cpdi_erratum_show",
    "cpdi_report_faults",
    "cpdi_report_list",
    "cpdi_report_picture",
    "cpdi_report_receive",
    "cpdi_report_release",
    "cpdi_report_show",
    "cpdi_report_withdraw",
    "cpdi_run_list",
    "cpdi_run_release",
    "dataset_purge",
    "datastore_create",
    "datastore_delete",
    "datastore_function_create",
    "datastore_function_delete",
    "datastore_records_delete",
    "datastore_run_triggers",
    "datastore_search",
    "datastore_search_sql",
    "datastore_upsert",
    "dcat_catalog_show",
    "dcat_dataset_show",
    "group_activity_list",
    "group_create",
    "group_delete",
    "group_purge",
    "group_update",
    "harvest_job_list",
    "harvest_job_report",
    "harvest_job_show",
    "harvest_log_list",
    "harvest_object_show",
    "harvest_source_clear",
    "harvest_source_show_status",
    "member_create",
    "member_delete",
    "member_list",
    "organization_activity_list",
    "organization_delete",
    "organization_purge",
    "organization_update",
    "package_activity_list",
    "package_create",
    "package_delete",
    "package_owner_org_update",
    "package_update",
    "recently_changed_packages_activity_list",
    "resource_delete",
    "resource_search",
    "user_delete",
    "user_update",
]


@tk.side_effect_free
@validate(schema.changes)
def cpdi_changes(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the changes of a table since a version or a day: present rows, and the ids of removed ones.

    Changes come in the order of row ids, rows and removals together, ``limit`` of them at a time. For the next page,
    repeat the call with ``after`` and ``version`` from ``next`` until it is null. Where ``version_changed`` is true,
    the table changed while it was read: use the version of the *first* page the next time, or begin again.

    :param dataset: name of a dataset that has a table
    :type dataset: string
    :param since: a version (``20261124-7481516``), or a day (``2026-11-24``, from its beginning on); the whole table
        without it (optional)
    :type since: string
    :param after: the id after which the page starts (optional)
    :type after: integer
    :param limit: how many changes at most (optional, default: 1000; at most ``ckan.datastore.search.rows_max``)
    :type limit: integer
    :param version: the version of the first page (optional)
    :type version: string
    :returns: ``dataset``; ``since``; ``version`` and ``published_at`` of the table; ``rows``: records as
        ``datastore_search`` has them; ``removed``: ids of rows that left (``_id``), sorted, without a reason, once
        their week is over; ``removed_until``: the Monday up to which they are listed; ``version_changed``; ``next``:
        the parameters of the next page, or null
    :rtype: dictionary
    :raises NotAuthorized: for a dataset that the user may not read
    :raises ObjectNotFound: for a table that has not been published yet
    :raises ValidationError: where ``since`` is no version or day, or too long ago; the message names the oldest version
    """
    tk.check_access("cpdi_changes", context, data_dict)
    from ckanext.cpdi.services import change_pages

    return change_pages.page(data_dict)


@validate(schema.department_init)
def cpdi_department_init(context: Context, data_dict: DataDict) -> list[str]:
    """Create the organization and the declared datasets where they are missing.

    :returns: a text for each that was created; empty where none was missing
    :rtype: list of strings
    :raises NotAuthorized: for anybody but a sysadmin
    """
    from ckanext.cpdi.catalog.department import ensure_all
    from ckanext.cpdi.protect import privacy

    tk.check_access("cpdi_department_init", context, data_dict)
    created = ensure_all()
    privacy.hide_all_traces()
    return created


@validate(schema.dataset_refresh)
def cpdi_dataset_refresh(context: Context, data_dict: DataDict) -> dict[str, bool]:
    """Bring a dataset's files and its metadata up to the table's version.

    :param dataset: name of a dataset that has a table
    :type dataset: string
    :returns: ``built``: whether a file was built; ``refreshed``: whether the dataset's metadata were updated
    :rtype: dictionary
    :raises NotAuthorized: for anybody who may not edit the dataset
    """
    from ckanext.cpdi.jobs import kinds

    tk.check_access("cpdi_dataset_refresh", context, data_dict)
    built, refreshed = kinds.follow(data_dict["dataset"])
    return {"built": built, "refreshed": refreshed}


@tk.side_effect_free
@validate(schema.run_list)
def cpdi_run_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the runs, latest first, with exact counts.

    :param dataset: only those of this dataset (optional)
    :type dataset: string
    :param limit: how many (optional, default: 20)
    :type limit: integer
    :rtype: list of dictionaries
    :raises NotAuthorized: for anybody who is not staff of the organization that publishes
    """
    tk.check_access("cpdi_run_list", context, data_dict)
    with config.store() as store:
        return [asdict(run) for run in store.ledger.runs(data_dict.get("dataset"), limit=data_dict["limit"])]


@validate(schema.run_release)
def cpdi_run_release(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Release a held run, and start its source again where it came from a harvest source.

    The release counts for this feed only: where the source has another one by now, that is checked as usual.

    :param run: number of the run
    :type run: integer
    :returns: ``run``, and ``job``: the id of the harvest job that runs it, null where the feed has to be loaded by hand
        or a job of its source is under way already
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ValidationError: where there is no such held run
    """
    tk.check_access("cpdi_run_release", context, data_dict)
    from ckanext.cpdi.desk.release import release
    from ckanext.cpdi.store import StoreError

    try:
        return {"run": data_dict["run"], "job": release(data_dict["run"])}
    except StoreError as error:
        raise tk.ValidationError({"run": [error.said]}) from None
