"""CKAN's view of a table with points: a map with a table beside it, on the resource's page and in other sites'."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import has_request_context

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import by_id
from ckanext.cpdi.site.map.page import page_map
from ckanext.cpdi.site.map.words import TITLE


class MapViewPlugin(p.SingletonPlugin):
    """The plugin ``cpdi_map_view``; named in ``ckan.views.default_views``, every new table gets it."""

    p.implements(p.IResourceView, inherit=True)

    def info(self) -> dict[str, Any]:
        """Return what CKAN has to know of the view. It stands in a frame of its own, with our style sheet alone."""
        language = (has_request_context() and tk.h.lang()) or "en"  # a command has none
        return {
            "name": "cpdi_map_view",
            "title": TITLE.get(language),
            "default_title": TITLE.en,
            "icon": "globe",
            "iframed": True,
            "preview_enabled": False,
        }

    def can_view(self, data_dict: dict[str, Any]) -> bool:
        """Return whether the resource is a table of ours with points."""
        return _table_of(data_dict["resource"]["id"]) is not None

    def setup_template_variables(self, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Return the map for the template; none before the first rows were published."""
        table = _table_of(data_dict["resource"]["id"])
        return {"map": page_map(table, data_dict["package"]) if table else None}

    def view_template(self, context: Context, data_dict: dict[str, Any]) -> str:  # noqa: ARG002
        """Return the template of the view."""
        return "cpdi/map_view.html"


def _table_of(resource_id: str) -> str | None:
    """Return the table with points behind the resource ``resource_id``; None where there is none."""
    library = config.library()
    part = by_id(library).get(resource_id)
    if part is None or not part.is_table:
        return None
    dataset = library.get(part.dataset)
    return part.dataset if dataset and dataset.table and dataset.table.point else None
