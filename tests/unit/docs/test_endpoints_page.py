"""docs/endpoints.md has every route of our blueprints, with what it takes and answers, and no other."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from types import ModuleType

import pytest
from flask import Flask
from helpers.documents import code, page, sections, table

from ckanext.cpdi.plugin import CpdiPlugin
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.services import archives, change_downloads, downloads, feature_server, geoservices
from ckanext.cpdi.services.ogc import items
from ckanext.cpdi.site import audience
from ckanext.cpdi.site.errata import desk as answer_form
from ckanext.cpdi.site.errata import form as error_form

PAGE = page("docs/endpoints.md")
PARTS = ["parameters", "answer", "cache", "errors"]
_GIVEN = r"(?:request\.(?:args|form|files|values)|form)\.get(?:list)?"
READS = re.compile(_GIVEN + r"\(\"(\w+)\"|_number\(\"(\w+)\"|form\[\"(\w+)\"\]")
OF_A_SERVICE = re.compile(
    r"parameters\.(?:text|flag|whole|names|document)\((?:\"(\w+)\"|([A-Z]+))|\"(\w+)\" in parameters"
)
STATUS = re.compile(r"\b[45]\d\d\b")


def app() -> Flask:
    """Return an application of our blueprints alone."""
    made = Flask(__name__, static_folder=None)
    for one in CpdiPlugin.get_blueprint(None):
        made.register_blueprint(one)
    return made


APP = app()
ROUTES = {
    f"`{method} {rule.rule}`": rule
    for rule in APP.url_map.iter_rules()
    for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
}
DESCRIBED = [heading for heading, _ in sections(PAGE) if re.match(r"`[A-Z]+ /", heading)]
ERRORS = {row[0] for row in table(PAGE, "Errors").rows}


def parts(heading: str) -> dict[str, str]:
    return {row[0]: row[1] for row in table(PAGE, heading).rows}


def modules() -> set[str]:
    """Return the names of the modules that have a view."""
    return {inspect.unwrap(view).__module__ for view in APP.view_functions.values()}


def read_by(package: ModuleType) -> set[str]:
    """Return the names of the parameters that the modules of a service read, by a name or a constant."""
    read: set[str] = set()
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        for literal, constant, member in OF_A_SERVICE.findall(inspect.getsource(module)):
            read.add(literal or member or getattr(module, constant))
    return read


def test_every_route_is_described_and_nothing_else():
    assert sorted(DESCRIBED) == sorted(ROUTES)


@pytest.mark.parametrize("heading", DESCRIBED)
def test_each_says_what_it_takes_and_answers_how_it_is_kept_and_what_goes_wrong(heading):
    told = parts(heading)
    assert list(told) == PARTS
    assert all(told.values())
    assert set(STATUS.findall(told["errors"])) <= ERRORS
    assert told["cache"] in ("a minute", "none", "CKAN's")


def test_parameters_are_those_that_the_views_read():
    sources = "\n".join(inspect.getsource(sys.modules[name]) for name in modules())
    read = {word for found in READS.findall(sources) for word in found if word} | read_by(geoservices)
    read |= {*items.OWN, *link.FIXED, *error_form.NAMES, *answer_form.FIELDS}
    named = {word for heading in DESCRIBED for word in code(parts(heading)["parameters"])}
    examples = {"20261124-7481516", "2026-11-24"}
    forms = {"json", "pjson", "geojson", "pbf", "html"}
    assert named - examples - forms == read


def test_a_minute_is_a_minute():
    assert {one.SECONDS for one in (archives, change_downloads, downloads, feature_server, audience)} == {60}
    assert "`public, max-age=60`" in PAGE


def test_every_error_is_met_somewhere():
    told = " ".join([*(parts(one)["errors"] for one in DESCRIBED), *dict(sections(PAGE))["At addresses of CKAN"]])
    assert set(STATUS.findall(told)) == ERRORS
