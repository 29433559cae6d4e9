"""Where the guards are hooked into CKAN, beside its actions: requests, sessions, the index, the loader of tables."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.authz import auth_functions_list
from ckan.types import Context
from flask import Blueprint

from ckanext.cpdi.catalog import shown
from ckanext.cpdi.jobs.ckan_harvest import forget_gathered
from ckanext.cpdi.protect import attempts, forms, harvest, logs, pages, privacy, search, sessions, uploads


def begin() -> None:
    """Begin to guard what is hooked in once for the process."""
    logs.keep_sources_out()
    logs.keep_queries_out()
    sessions.listen()
    attempts.listen()
    uploads.confine_loader()


def gather_rules() -> None:
    """Let CKAN gather its actions and rules of access now, while there is one thread.

    It does so at the first request, and whoever comes meanwhile would find its own ones, without ours.
    """
    tk.get_action("package_show")
    auth_functions_list()
    forget_gathered()


def blueprints() -> list[Blueprint]:
    """Return what looks at each request, in order: who asks, whether they may send it, how often, what is told."""
    return [one.blueprint for one in (sessions, forms, attempts, pages, uploads)]


class Hooks:
    """What CKAN's interfaces for datasets and for the loader of tables call."""

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Keep out of the search index what is staff's of a harvest source."""
        return harvest.for_index(pkg_dict)

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Hide the activity of a dataset that is private now."""
        privacy.hide_traces(pkg_dict["id"])

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Hide the activity of a dataset that was deleted."""
        privacy.hide_traces(pkg_dict["id"])

    def after_dataset_show(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Keep from anonymous readers who made a dataset; give its resources the address that they have now."""
        if privacy.anonymous(context):
            privacy.without_makers(pkg_dict)
        shown.place(pkg_dict.get("resources") or ())

    def after_dataset_search(self, search_results: dict[str, Any], search_params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Do the same for all that were found."""
        privacy.of_search(search_results)
        shown.place_all(search_results.get("results") or ())
        return search_results

    def can_upload(self, resource_id: str) -> bool:
        """Let the loader take uploads of staff's own, and nothing else."""
        return uploads.is_loaded(resource_id)


class Rows:
    """Methods of IDatastore."""

    def datastore_search(
        self,
        context: Context,
        data_dict: dict[str, Any],
        fields_types: dict[str, str],  # noqa: ARG002
        query_dict: dict[str, Any],
    ) -> dict[str, Any]:
        """Ask for numbers, days and figures that were among the words of a search."""
        return search.narrow(context, data_dict["resource_id"], query_dict)
