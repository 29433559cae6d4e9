"""Hooks that call the guards outside CKAN's actions: requests, sessions, the search index, the loader of tables."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.authz import auth_functions_list
from ckan.lib.plugins import DefaultTranslation
from ckan.types import Context
from flask import Blueprint

from ckanext.cpdi import config
from ckanext.cpdi.catalog import resource_urls, unpublished
from ckanext.cpdi.jobs.ckan_harvest import forget_gathered
from ckanext.cpdi.protect import attempts, forms, harvest, logs, pages, privacy, sessions, sign_in, uploads
from ckanext.cpdi.protect.searches import words
from ckanext.cpdi.site.map import search_area


def install() -> None:
    """Install the guards that a process needs once."""
    logs.keep_sources_out()
    logs.keep_queries_out()
    sessions.listen()
    attempts.listen()
    uploads.confine_loader()


def gather_rules() -> None:
    """Let CKAN gather its actions and auth functions now, while there is only one thread.

    Otherwise CKAN gathers them at the first request, and a second request meanwhile would find CKAN's without ours.
    """
    tk.get_action("package_show")
    auth_functions_list()
    forget_gathered()


def blueprints() -> list[Blueprint]:
    """Return the blueprints that check each request, in order: user, origin, number of tries, password, answer."""
    return [module.blueprint for module in (sessions, forms, attempts, sign_in, pages, uploads)]


class Hooks(DefaultTranslation):
    """Methods of IPackageController, of ckanext-xloader's IXloader, and CKAN's own of ITranslation."""

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Keep the staff's part of a harvest source out of the search index."""
        return harvest.for_index(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Put the area that a search asks for where ckanext-spatial looks for it."""
        return search_area.narrow(search_params, config.profile())

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Hide the activity of a dataset that is private now."""
        privacy.hide_traces(pkg_dict["id"])

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Hide the activity of a dataset that was deleted."""
        privacy.hide_traces(pkg_dict["id"])

    def after_dataset_show(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Hide a dataset's creator from anonymous readers, and resources without rows; give the others their present
        addresses.
        """
        if privacy.anonymous(context):
            privacy.without_makers(pkg_dict)
        unpublished.leave_out(context, pkg_dict)
        resource_urls.set_urls(pkg_dict.get("resources") or ())

    def after_dataset_search(self, search_results: dict[str, Any], search_params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Do the same for all datasets of a search."""
        privacy.without_makers_in(search_results)
        unpublished.leave_out_everywhere(search_results.get("results") or ())
        resource_urls.set_package_urls(search_results.get("results") or ())
        return search_results

    def can_upload(self, resource_id: str) -> bool:
        """Let the loader of tables take only the staff's own uploads."""
        return uploads.may_load(resource_id)


class Rows:
    """Methods of IDatastore."""

    def datastore_search(
        self,
        context: Context,
        data_dict: dict[str, Any],
        fields_types: dict[str, str],  # noqa: ARG002
        query_dict: dict[str, Any],
    ) -> dict[str, Any]:
        """Add conditions for the numbers, days and figures among the words of a search."""
        return words.narrow(context, data_dict["resource_id"], query_dict)
