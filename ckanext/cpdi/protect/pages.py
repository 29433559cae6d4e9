"""Guards around pages of CKAN and its extensions that check no permissions and show what the API hides."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, request
from werkzeug.wrappers import Response

from ckanext.cpdi.protect import organizations, refusal, resources
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.spoken import spoken
from ckanext.dcat.utils import CONTENT_TYPES

blueprint = Blueprint("cpdi_pages", __name__)

_NAMES = frozenset({"organization.admins", "group.admins"})
"""Pages that list who administers an organization or a group."""
_OLD = "activity.resource_history"
"""A page that shows a resource as it was in an entry of the activity stream, of any dataset."""
_DCAT = frozenset({"dcat.read_catalog", "dcat.read_dataset", "dcat.read_dataset_series"})
"""Descriptions that ckanext-dcat cannot write in any other form; it says 403 where there is a private dataset."""


@blueprint.before_app_request
def lead_to_archive() -> Response | None:
    """Lead staff from the form for a new resource of a series to the archive's own, which takes files."""
    blueprint_name, _, view = (request.endpoint or "").rpartition(".")
    name = str((request.view_args or {}).get("id"))
    if request.method != "GET" or view != "new" or not blueprint_name.endswith("resource"):
        return None
    if not resources.is_series(name) or not organizations.has_staff(tk.current_user.name):
        return None
    return tk.redirect_to("cpdi_report_desk.series", name=name)


@blueprint.before_app_request
def check() -> None:
    """Answer 403 where the user may not read through the API what the page shows, and 404 for what is none."""
    if request.endpoint in _DCAT:
        _check_description(**(request.view_args or {}))
    if request.endpoint in _NAMES and tk.current_user.is_anonymous:
        tk.abort(403, spoken(refusal.SIGNED_IN))
    if request.endpoint == _OLD and not _reads_activity(str((request.view_args or {}).get("activity_id"))):
        tk.abort(403, spoken(refusal.STAFF))


def _reads_activity(activity_id: str) -> bool:
    """Return whether the user may read the data of an entry of the activity stream; True where there is no entry."""
    try:
        tk.check_access("activity_data_show", {"user": tk.current_user.name}, {"id": activity_id})
    except tk.NotAuthorized:
        return False
    except tk.ObjectNotFound:
        pass  # the page answers 404 itself
    return True


def _check_description(_format: str = "", _id: str = "", **_: str) -> None:
    """Answer 404 for a form that there is not, and for a dataset that the user may not read, as for none."""
    if _format not in CONTENT_TYPES:
        tk.abort(404)
    if _id:
        try:
            tk.check_access("package_show", {"user": tk.current_user.name}, {"id": _id})
        except (tk.NotAuthorized, tk.ObjectNotFound):
            tk.abort(status_of(tk.ObjectNotFound))
