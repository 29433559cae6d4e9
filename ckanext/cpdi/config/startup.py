"""The check of all settings when CKAN starts."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.common import aslist
from ckan.plugins import plugin_loaded

from ckanext.cpdi.config import values
from ckanext.cpdi.config.base_map import base_map
from ckanext.cpdi.config.declarations import profile
from ckanext.cpdi.config.errors import SettingError, starting
from ckanext.cpdi.config.folders import files_path, private_path
from ckanext.cpdi.config.sign_in import sign_in
from ckanext.cpdi.reports import ocr

_CLOSED = (
    "ckan.auth.public_user_details",
    "ckan.auth.create_user_via_web",
    "ckan.auth.create_user_via_api",
    "ckan.auth.anon_create_dataset",
    "ckan.auth.create_unowned_dataset",
    "ckan.auth.public_activity_stream_detail",
    "ckan.auth.user_create_organizations",
    "ckan.auth.user_create_groups",
    "ckan.datastore.sqlsearch.enabled",
)
"""Settings of CKAN that would open what the portal keeps closed, were they true."""


def check() -> None:
    """Raise SettingError where the site cannot work with its settings or its declarations."""
    with starting():
        profile()
    values.secret()
    guards()
    values.nightly_at()
    values.freeze_day()
    values.approvers()
    values.mail_languages()
    sign_in()
    base_map()
    if tk.config["ckanext.cpdi.formats"]:  # without the setting every format is made, and no start should load them all
        values.formats()
    public, private = files_path(), private_path()
    if private == public or public in private.parents:
        raise SettingError("ckanext.cpdi.private_path must not lie inside ckanext.cpdi.files_path, which is public")
    if plugin_loaded("datastore") and not plugin_loaded("cpdi_search"):
        raise SettingError("ckan.plugins: put cpdi_search behind datastore; no search finds a number without it")
    if values.reports_ocr() and not ocr.is_installed():
        raise SettingError("ckanext.cpdi.reports_ocr: install ocrmypdf and tesseract, as docs/operations.md says")
    _before_spatial(aslist(tk.config["ckan.plugins"]))


def _before_spatial(names: list[str]) -> None:
    """Raise SettingError where ckanext-spatial would read the area of a search before the portal has written it."""
    if "spatial_query" in names and names.index("spatial_query") < names.index("cpdi"):
        raise SettingError("ckan.plugins: put cpdi before spatial_query; a search by area finds everything otherwise")


def guards() -> None:
    """Raise SettingError where a setting of CKAN removes a protection of the portal or its staff."""
    for key in _CLOSED:
        if tk.config[key]:
            raise SettingError(f"{key} must be false: docs/security.md says what it would open")
    if not tk.config["testing"] and not tk.config["WTF_CSRF_ENABLED"]:
        raise SettingError("WTF_CSRF_ENABLED must be true: without it any site can send forms as your staff")
    if not values.production():
        return
    if tk.config["debug"]:
        raise SettingError("debug must be false on a real portal: its error pages run code")
    if tk.config["ckan.site_url"].startswith("https:") and not tk.config["SESSION_COOKIE_SECURE"]:
        raise SettingError("SESSION_COOKIE_SECURE must be true where ckan.site_url begins with https:")
