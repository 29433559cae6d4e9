"""CKAN's view of a table: the explorer, or one face of it, under a filter that staff chose; here and in other sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from flask import has_request_context

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import by_id
from ckanext.cpdi.declare import Dataset, Text, tailored
from ckanext.cpdi.errors import translated
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.services.http.refusal import naming
from ckanext.cpdi.site.explore import preset
from ckanext.cpdi.site.explore.asked import sentence
from ckanext.cpdi.site.explore.explorer import Explorer, explorer

TYPE = "cpdi_explore_view"
FACE, FILTER = "face", "filter"
"""What a view of this kind has beside title and description."""
ALL, MAP = "all", "map"
FACES = {
    ALL: Text("Map, charts and table", "Mapa, gráficos y tabla"),
    MAP: Text("Map", "Mapa"),
    "charts": Text("Charts", "Gráficos"),
    "table": Text("Table", "Tabla"),
}
_TITLE = Text("Explore", "Explorar")
_ONE_OF = Text("Choose one of: {names}", "Elija uno de: {names}")
_NO_POINTS = Text(
    "The rows of this table have no points for a map", "Las filas de esta tabla no tienen puntos para un mapa"
)
_NO_TABLE = Text("This resource is no table of the portal", "Este recurso no es ninguna tabla del portal")
_Key = tuple[Any, ...]


@dataclass(frozen=True)
class View:
    """What the frame shows: ``faces`` of the explorer, under ``filter``, the parameters that the browser begins with: a
    period that goes on with the calendar is the days of today in it.

    ``asked`` is the filter in a sentence, ``link`` leads to the whole page with it. Where the filter is none any more,
    ``problem`` says why, and ``explorer`` is of all rows, which are not what the view is of.
    """

    explorer: Explorer
    faces: tuple[str, ...]
    filter: str
    asked: str
    link: str
    problem: str


class ExploreViewPlugin(p.SingletonPlugin):
    """The plugin ``cpdi_explore_view``; named in ``ckan.views.default_views``, every new table gets it."""

    p.implements(p.IResourceView, inherit=True)

    def info(self) -> dict[str, Any]:
        """Return what CKAN has to know of the view. It stands in a frame of its own, with our style sheets alone."""
        return {
            "name": TYPE,
            "title": _TITLE.get(_language()),
            "default_title": _TITLE.en,
            "icon": "chart-column",
            "iframed": True,
            "preview_enabled": True,
            "schema": {FACE: [_valid_face], FILTER: [_valid_filter]},
        }

    def can_view(self, data_dict: dict[str, Any]) -> bool:
        """Return whether the resource is a table of ours; CKAN asks before the first rows are published."""
        return table_of(data_dict["resource"]["id"]) is not None

    def setup_template_variables(self, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Return what makes the frame's content; and for the form, which asks for no rows, the faces that it offers."""
        table = table_of(data_dict["resource"]["id"])
        given = data_dict.get("resource_view") or {}
        return {
            "explored": partial(_view, table, given),
            "table": table.name if table else "",
            "faces": [{"value": name, "text": FACES[name].get(_language())} for name in _faces(table)],
        }

    def view_template(self, context: Context, data_dict: dict[str, Any]) -> str:  # noqa: ARG002
        """Return the template of the view."""
        return "cpdi/explore_view.html"

    def form_template(self, context: Context, data_dict: dict[str, Any]) -> str:  # noqa: ARG002
        """Return the template of the fields that staff fill in."""
        return "cpdi/forms/explore_view.html"


def shown_title(view: Mapping[str, Any]) -> str:
    """Return the title of a view; the one that each table has from the start is in the reader's language."""
    title = str(view["title"])
    return _TITLE.unless_edited(title, _language()) if view["view_type"] == TYPE else title


def table_of(resource_id: str) -> Dataset | None:
    """Return the table behind the resource ``resource_id``; None where there is none."""
    library = config.library()
    part = by_id(library).get(resource_id)
    dataset = library.get(part.dataset) if part and part.is_table else None
    return dataset if dataset and dataset.table else None


def _language() -> str:
    return (has_request_context() and tk.h.lang()) or "en"  # a command has none


def _faces(table: Dataset | None) -> list[str]:
    """Return the faces that ``table`` has."""
    return [name for name in FACES if name != MAP or (table and table.rows.point)]


def _read(filter_: object, table: Dataset) -> str:
    """Return the filter of ``table`` that was given. Raises PresetError, QueryError."""
    profile = config.profile()
    own = tailored(table, profile.feed(table.name))
    return preset.read(filter_, own, profile.zone, config.areas(), _language())


def _said(error: preset.PresetError | QueryError) -> str:
    """Return what is wrong with a filter, in the reader's language."""
    return naming(translated(error.said, _language()), getattr(error, "parameter", ""))


def _view(table: Dataset | None, given: dict[str, Any]) -> View | None:
    """Return the view that was saved as ``given``, or that somebody wrote by hand; None without a table."""
    if table is None:
        return None
    question, problem = "", ""
    try:
        question = preset.dated(_read(given.get(FILTER) or "", table), config.profile().zone)
    except (preset.PresetError, QueryError) as error:  # the table is another since it was saved
        problem = _said(error)
    face = given.get(FACE)
    whole = tuple(name for name in _faces(table) if name != ALL)
    faces = (face,) if face in whole else whole
    made = explorer(table, parse_qsl(question), with_rows="table" in faces and not problem)
    page = made.description.page
    return View(
        explorer=made,
        faces=faces,
        filter=question,
        asked=sentence(preset.pairs(question), made.description, _language()),
        link=f"{page}?{urlencode(parse_qsl(question))}" if question else page,
        problem=problem,
    )


def _valid_face(key: _Key, data: dict[_Key, Any], errors: dict[_Key, list[str]], context: Context) -> None:  # noqa: ARG001
    """Take a face that the table has; without one the map, or charts where rows have no points."""
    table, given = _table_in(data), data.get(key)
    faces = _faces(table)
    if given is tk.missing or not given:
        data[key] = MAP if MAP in faces else "charts"
    elif given == MAP and MAP not in faces:
        errors[key].append(_NO_POINTS.get(_language()))
    elif given not in faces:
        errors[key].append(_ONE_OF.get(_language()).format(names=", ".join(faces)))


def _valid_filter(key: _Key, data: dict[_Key, Any], errors: dict[_Key, list[str]], context: Context) -> None:  # noqa: ARG001
    """Keep the parameters of what staff typed or pasted; say beside the field what is wrong with them."""
    given = data.get(key)
    if given is tk.missing or not given:
        data[key] = ""
        return
    table = _table_in(data)
    if table is None:
        errors[key].append(_NO_TABLE.get(_language()))
        return
    try:
        data[key] = _read(given, table)
    except (preset.PresetError, QueryError) as error:
        errors[key].append(_said(error))


def _table_in(data: dict[_Key, Any]) -> Dataset | None:
    """Return the table of the view that is saved; a change by the API may name the view alone."""
    resource = data.get(("resource_id",))
    if not isinstance(resource, str):
        view = model.ResourceView.get(str(data.get(("id",)) or ""))
        resource = view.resource_id if view else ""
    return table_of(resource)
