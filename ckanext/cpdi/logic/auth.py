"""Auth functions of the portal's actions, and the guards around CKAN's own."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.protect import organizations, refusal
from ckanext.cpdi.protect.access import (
    dataset_purge,
    datastore_create,
    datastore_delete,
    datastore_function_create,
    datastore_function_delete,
    datastore_records_delete,
    datastore_run_triggers,
    datastore_upsert,
    group_delete,
    group_purge,
    organization_delete,
    organization_purge,
    package_delete,
    package_owner_org_update,
    resource_delete,
    resource_update,
    user_delete,
)
from ckanext.cpdi.protect.harvest_access import (
    harvest_job_abort,
    harvest_job_create_all,
    harvest_jobs_run,
    harvest_object_list,
    harvest_objects_import,
    harvest_sources_clear,
    harvest_sources_reindex,
)

__all__ = [
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
    "datastore_upsert",
    "group_delete",
    "group_purge",
    "harvest_job_abort",
    "harvest_job_create_all",
    "harvest_jobs_run",
    "harvest_object_list",
    "harvest_objects_import",
    "harvest_sources_clear",
    "harvest_sources_reindex",
    "organization_delete",
    "organization_purge",
    "package_delete",
    "package_owner_org_update",
    "resource_delete",
    "resource_update",
    "user_delete",
]


@tk.auth_allow_anonymous_access
def cpdi_changes(context: Context, data_dict: DataDict) -> AuthResult:
    """Those who may read the dataset; nobody where it is deleted."""
    from ckan import model

    name = config.library().owner(data_dict.get("dataset") or "")
    package = model.Package.get(name)
    try:
        tk.check_access("package_show", tk.fresh_context(context), {"id": name})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        package = None
    if package is None or package.state != "active":
        return {"success": False, "msg": tk._("You may not read this dataset")}
    return {"success": True}


def cpdi_department_init(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Sysadmins only, for whom CKAN does not call this function."""
    return refusal.denial(refusal.SYSADMINS)


def cpdi_dataset_refresh(context: Context, data_dict: DataDict) -> AuthResult:
    """Those who may edit the dataset."""
    return _check(context, "package_update", config.library().owner(data_dict.get("dataset") or ""))


def cpdi_run_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes, since the exact counts are not public."""
    return _staff(context)


def cpdi_run_release(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes."""
    return _staff(context)


def cpdi_erratum_answer(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes."""
    return _staff(context)


def cpdi_erratum_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes, who see all of them."""
    return _staff(context)


def cpdi_erratum_remove(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes."""
    return _staff(context)


def cpdi_erratum_show(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes, since what a visitor wrote is not public."""
    return _staff(context)


def cpdi_report_faults(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes, since what is held is not public."""
    return _staff(context)


def cpdi_report_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes, since what is held is not public."""
    return _staff(context)


def cpdi_report_picture(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes."""
    return _staff(context)


def cpdi_report_receive(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes."""
    return _staff(context)


def cpdi_report_release(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes."""
    return _staff(context)


def cpdi_report_show(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes, since what is held is not public."""
    return _staff(context)


def cpdi_report_withdraw(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes."""
    return _staff(context)


def cpdi_deny(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Those whom ``ckanext.cpdi.approvers`` names."""
    return _approvers(context)


def cpdi_deny_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Those whom ``ckanext.cpdi.approvers`` names."""
    return _approvers(context)


def cpdi_deny_preview(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Those whom ``ckanext.cpdi.approvers`` names, since it reveals whether a record is in a table."""
    return _approvers(context)


def cpdi_approve(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Those whom ``ckanext.cpdi.approvers`` names."""
    return _approvers(context)


def cpdi_approval_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001  as CKAN has it
    """Staff of the organization that publishes."""
    return _staff(context)


def _approvers(context: Context) -> AuthResult:
    """Allow those whom ``ckanext.cpdi.approvers`` names."""
    from ckanext.cpdi.pipeline.approval import may_approve

    if may_approve(str(context.get("user") or "")):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the department's administrators can do that")}


def _staff(context: Context) -> AuthResult:
    """Allow those who may edit datasets of the organization."""
    if organizations.has_staff(context.get("user")):
        return {"success": True}
    return refusal.denial(refusal.STAFF)


def _check(context: Context, privilege: str, dataset: str | None) -> AuthResult:
    try:
        tk.check_access(privilege, tk.fresh_context(context), {"id": dataset})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return {"success": False, "msg": tk._("You may not edit this dataset")}
    return {"success": True}
