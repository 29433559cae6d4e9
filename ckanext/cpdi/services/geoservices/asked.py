"""A request to a FeatureServer: its parameters, the form that it wants, and the table that it is about."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from flask import request

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.services.geoservices.forms import FORMS
from ckanext.cpdi.services.geoservices.layers import Layer, layers
from ckanext.cpdi.services.geoservices.parameters import Parameters, read
from ckanext.cpdi.services.http.access import Readers
from ckanext.cpdi.services.http.direct import PAGE, wants_page
from ckanext.cpdi.services.http.table import open_table, readable

JSON = "json"


@dataclass(frozen=True)
class Asked:
    """The parameters, and the name of the form: one of :data:`.forms.FORMS`, or a page."""

    parameters: Parameters
    form: str

    @property
    def is_page(self) -> bool:
        """Whether a page for people is asked for."""
        return self.form == PAGE


@dataclass(frozen=True)
class Service:
    """An open table with its layers, and who may read it."""

    reader: Reader
    layers: tuple[Layer, ...]
    allowed: Readers

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the table's days."""
        return ZoneInfo(self.reader.state.zone)

    @property
    def year(self) -> str:
        """What tells this year's answers from those of the year before, where there is a view of a year."""
        return f"-{self.layers[0].year}" if self.layers[0].year else ""

    def layer(self, number: int) -> Layer:
        """Return the layer ``number``; raise ObjectNotFound where there is none."""
        if number >= len(self.layers):
            raise tk.ObjectNotFound
        return self.layers[number]


def asked() -> Asked:
    """Return what the present request asks; raise QueryError for a form that is none, or parameters that are broken."""
    parameters = read(request)
    if "callback" in parameters:
        raise UnreadableError("JSONP is not served: scripts of any site may read the JSON itself (CORS)", "callback")
    if wants_page(request.environ):
        return Asked(parameters, PAGE)
    form = parameters.text("f").lower() or JSON
    form = "pjson" if form == PAGE else form
    if form not in FORMS:
        raise UnreadableError(
            Said("f is one of {names}, not {form!r}", names=", ".join((*FORMS, PAGE)), form=form[:20]), "f"
        )
    return Asked(parameters, form)


@contextmanager
def open_service(name: str) -> Generator[Service]:
    """Open the service of the table ``name``; raise ObjectNotFound where there is none for this reader."""
    dataset, allowed = readable(name)
    with open_table(dataset) as reader:
        yield Service(reader, layers(dataset, ZoneInfo(reader.state.zone)), allowed)
