"""Auth functions for actions that ckanext-harvest opens to everybody, or answers with a 500.

CKAN calls an auth function for an anonymous API request even where it is not marked for anonymous access. So each
function here checks the user itself.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.cpdi.protect import organizations, refusal


def _sysadmins(context: Context) -> AuthResult:
    """Allow sysadmins only; ckanext-harvest answers 500 to anonymous users."""
    return {"success": True} if authz.is_sysadmin(context.get("user")) else refusal.denial(refusal.SYSADMINS)


def _staff(context: Context) -> AuthResult:
    """Allow the department's staff only."""
    return {"success": True} if organizations.has_staff(context.get("user")) else refusal.denial(refusal.STAFF)


@tk.chained_auth_function
def harvest_object_list(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let the department's staff list harvest objects."""
    return _staff(context)


@tk.chained_auth_function
def harvest_sources_clear(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let sysadmins clear the history of all sources."""
    return _sysadmins(context)


@tk.chained_auth_function
def harvest_sources_reindex(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let sysadmins index all sources again."""
    return _sysadmins(context)


@tk.chained_auth_function
def harvest_objects_import(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let sysadmins import all harvest objects again."""
    return _sysadmins(context)


@tk.chained_auth_function
def harvest_jobs_run(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let sysadmins run the waiting jobs."""
    return _sysadmins(context)


@tk.chained_auth_function
def harvest_job_abort(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let sysadmins abort a job."""
    return _sysadmins(context)


@tk.chained_auth_function
def harvest_job_create_all(next_: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let sysadmins start a job for each source."""
    return _sysadmins(context)
