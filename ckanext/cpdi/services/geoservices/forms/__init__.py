"""The forms of answers: a module each. To add one, write a :class:`.form.Form` and its line here."""

from __future__ import annotations

from ckanext.cpdi.services.geoservices.forms.esri import EsriJson
from ckanext.cpdi.services.geoservices.forms.form import Body, Form
from ckanext.cpdi.services.geoservices.forms.geojson import GeoJson
from ckanext.cpdi.services.geoservices.forms.pbf import Pbf

FORMS: dict[str, Form] = {"json": EsriJson(), "pjson": EsriJson(pretty=True), "geojson": GeoJson(), "pbf": Pbf()}
"""The forms by the values of ``f``."""

__all__ = ["FORMS", "Body", "Form"]
