"""The form of the search page that asks for an area: what was asked, what is wrong with it, and the map for drawing."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import msgspec
from flask import request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare import Profile, Text
from ckanext.cpdi.services.http import policies
from ckanext.cpdi.site.map.description import Box, layers
from ckanext.cpdi.site.map.page import PageMap, base
from ckanext.cpdi.site.map.search_area import AREA, BBOX, SIDES, AreaError, box_of, known, within
from ckanext.cpdi.site.map.words import FORM_WORDS, NO_SCRIPT, words

TITLE = Text("Search by area", "Buscar por área")
_LABELS = (
    Text("West", "Oeste"), Text("South", "Sur"), Text("East", "Este"), Text("North", "Norte"),
)  # fmt: skip
_TEXTS = {
    "lead": Text("Degrees of longitude and latitude, such as -79.94.", "Grados de longitud y latitud, como -79.94."),
    "area": Text("Or one area", "O un área"),
    "any": Text("Any", "Cualquiera"),
    "send": Text("Search here", "Buscar aquí"),
    "everywhere": Text("Search everywhere", "Buscar en todas partes"),
    "within": Text("Areas in this box:", "Áreas en este recuadro:"),
}
_OURS = (*SIDES, AREA, BBOX, "page")


@dataclass(frozen=True)
class Side:
    """One of the four numbers: its parameter, its label, and what was written."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class AreaForm:
    """The view model; ``kept`` are the other parameters of the search, ``within`` the names of areas in the box."""

    title: str
    texts: dict[str, str]
    sides: tuple[Side, ...]
    areas: tuple[str, ...]
    chosen: str
    problem: str
    within: tuple[str, ...]
    kept: tuple[tuple[str, str], ...]
    asked: bool
    map: PageMap


def area_form() -> AreaForm:
    """Return the form as the parameters of this request fill it."""
    profile, language, asked = config.profile(), tk.h.lang(), request.args
    problem, box = "", None
    try:
        box = box_of(asked, profile)
    except AreaError as error:
        problem = error.words.get(language)
    drawn = known(profile)
    shown = [f"{side:g}" for side in box] if box else [asked.get(side, "") for side in SIDES]
    return AreaForm(
        title=TITLE.get(language),
        texts={key: text.get(language) for key, text in _TEXTS.items()},
        sides=tuple(Side(*side) for side in zip(SIDES, (label.get(language) for label in _LABELS), shown, strict=True)),
        areas=tuple(area.name for area in drawn),
        chosen=asked.get(AREA, ""),
        problem=problem,
        within=within(box, profile) if box else (),
        kept=tuple((name, value) for name, value in asked.items(multi=True) if name not in _OURS),
        asked=bool(box or problem),
        map=_map(profile, drawn[0].box if drawn else None, language),
    )


def _map(profile: Profile, bounds: Box | None, language: str) -> PageMap:
    """Return the map for drawing: the ground alone."""
    policies.has_map()
    ground = {
        "bounds": bounds,
        "language": language.replace("_", "-"),
        "areas": addresses.path("/data/areas.geojson"),
        "layers": layers(profile, language),
        "base": base(),
        "words": words(language, FORM_WORDS),
    }
    data = msgspec.json.encode(ground).decode()
    return PageMap(TITLE.get(language), data, "", "", True, NO_SCRIPT.get(language))
