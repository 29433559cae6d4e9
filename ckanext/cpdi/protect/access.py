"""Guards in the auth functions. Because of them, forms show no button for a refused change, not even to a sysadmin."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.cpdi.protect import organizations, packages, people, refusal, resources
from ckanext.cpdi.protect.rows import why_create_refused


def _ask_next(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Return the next function's answer. A sysadmin may do all that our guards do not refuse."""
    if authz.is_sysadmin(context.get("user")):
        return {"success": True}
    return next_(context, data_dict or {})


@tk.chained_auth_function
@tk.auth_sysadmins_check
def resource_delete(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to delete a table's resource, or a report of the archive.

    In CKAN, whoever may delete a dataset may delete its resources. Nobody may delete a dataset with a table, so the
    other resources of such a dataset may be deleted by those who may edit it.
    """
    part = resources.part_named((data_dict or {}).get("id"))
    if part is not None and part.is_table:
        return refusal.denial(refusal.DELETE_RESOURCE)
    resource = model.Resource.get((data_dict or {}).get("id") or "")
    if resources.is_report(resource):
        return refusal.denial(refusal.REPORT)
    if resource is not None and packages.declared_table(resource.package_id):
        return authz.is_authorized("package_update", tk.fresh_context(context), {"id": resource.package_id})
    return _ask_next(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def resource_update(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to edit a report of the archive."""
    if resources.is_report(model.Resource.get((data_dict or {}).get("id") or "")):
        return refusal.denial(refusal.REPORT)
    return _ask_next(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def package_delete(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to delete a dataset that has a table."""
    if packages.declared_table((data_dict or {}).get("id")):
        return refusal.denial(refusal.DELETE_DATASET)
    return _ask_next(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def dataset_purge(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to purge a dataset that has a table."""
    if packages.declared_table((data_dict or {}).get("id")):
        return refusal.denial(refusal.DELETE_DATASET)
    return _ask_next(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def datastore_create(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to write rows into our tables, or to change their shape."""
    words = why_create_refused(data_dict or {})
    return refusal.denial(words) if words else _ask_next(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def datastore_upsert(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to write rows into our tables."""
    return _refuse_rows(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def datastore_delete(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to delete our tables or their rows."""
    return _refuse_rows(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def datastore_records_delete(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to delete rows of our tables."""
    return _refuse_rows(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def datastore_run_triggers(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to run triggers on our tables."""
    return _refuse_rows(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def datastore_function_create(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Refuse functions in the database to everybody."""
    return refusal.denial(refusal.FUNCTIONS)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def datastore_function_delete(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Refuse to touch functions of the database to everybody."""
    return refusal.denial(refusal.FUNCTIONS)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def package_owner_org_update(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to give a declared dataset to another organization."""
    if packages.would_move((data_dict or {}).get("id"), (data_dict or {}).get("organization_id")):
        return refusal.denial(refusal.MOVE_DATASET)
    return _ask_next(next_, context, data_dict)


def _refuse_our_organization(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to remove the organization that the settings name."""
    if organizations.is_ours((data_dict or {}).get("id")):
        return refusal.denial(refusal.ORGANIZATION)
    return _ask_next(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def organization_delete(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to delete the department's organization."""
    return _refuse_our_organization(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def organization_purge(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to purge the department's organization."""
    return _refuse_our_organization(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def group_delete(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to delete the department's organization as a group."""
    return _refuse_our_organization(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def group_purge(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to purge the department's organization as a group."""
    return _refuse_our_organization(next_, context, data_dict)


@tk.chained_auth_function
@tk.auth_sysadmins_check
def user_delete(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Refuse to delete the user as whom the portal acts."""
    if people.is_portal((data_dict or {}).get("id")):
        return refusal.denial(refusal.PORTAL_USER)
    return _ask_next(next_, context, data_dict)


def _refuse_rows(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    if resources.tables_in(data_dict or {}):
        return refusal.denial(refusal.WRITE_ROWS)
    return _ask_next(next_, context, data_dict)
