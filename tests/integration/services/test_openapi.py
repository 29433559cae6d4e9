"""/openapi.json: every route of ours stands in it, fields of tables are parameters, what is not public is nowhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from helpers.feeds import DATASET
from jsonschema import Draft202012Validator

from ckanext.cpdi import config

pytestmark = pytest.mark.usefixtures("standing")

PREFIXES = ("/arcgis", "/ogc", "/data/", "/reports/")
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"


@pytest.fixture
def document(app) -> dict[str, Any]:
    return app.get("/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method, node in item.items():
            yield path, method, node


def example(document, node) -> str:
    """Return a value that a parameter of a path may have."""
    schema = node["schema"]
    if "enum" in schema:
        return str(schema["enum"][0])
    return {"extension": "csv", "period": "2025-03", "year": "2025", "archive": "2025.zip", "operation": "admin"}.get(
        node["name"], "1"
    )


def address(document, path, node) -> str:
    for each in node["parameters"]:
        if each.get("in") == "path":
            path = path.replace(f"{{{each['name']}}}", example(document, each))
    return path


def test_it_is_a_document_of_openapi_31_kept_for_a_minute(app):
    answer = app.get("/openapi.json")
    assert answer.content_type == OPENAPI
    assert answer.json["openapi"] == "3.1.0"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = app.get("/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_every_route_below_our_services_stands_in_it_and_each_of_its_paths_is_one_of_ours(document, portal_app):
    adapter = portal_app.url_map.bind("localhost")
    rules = {
        (rule.rule, method)
        for rule in adapter.map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(PREFIXES)
    }
    described = set()
    for path, method, node in operations(document):
        rule, _ = adapter.match(address(document, path, node), method.upper(), return_rule=True)
        described.add((rule.rule, method.upper()))
    assert len(rules) > 25
    # No table of the demo counts people: test_counts_of_people_by_year looks at that path.
    assert {rule for rule in rules - described if "/demographics/" not in rule[0]} == set()
    assert {rule for rule in described - rules if rule[0].startswith(PREFIXES)} == set()


def test_each_reference_leads_somewhere_and_each_schema_is_one(app, document):
    for reference in set(re.findall(r'"#/([^"]+)"', app.get("/openapi.json").body)):
        node = document
        for part in reference.split("/"):
            node = node[part]
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = [node["operationId"] for _, _, node in operations(document)]
    assert len(names) == len(set(names))


def test_fields_are_parameters_with_what_the_declaration_says_of_them(document):
    fields = {field.name: field for field in config.library().get(DATASET).rows.fields}
    for path in (f"/ogc/collections/{DATASET}/items", f"/data/{DATASET}.{{extension}}"):
        named = {each["name"]: each for each in document["paths"][path]["get"]["parameters"] if "name" in each}
        assert fields.keys() <= named.keys()
        for name, field in fields.items():
            assert named[name]["description"] == field.title.en
            if field.type == "string":
                assert named[name]["schema"]["items"].get("enum") == (
                    list(field.constraints.enum) if field.constraints.enum else None
                )


def test_formats_of_a_path_are_those_of_the_table(document):
    parameters = document["paths"][f"/data/{DATASET}.{{extension}}"]["get"]["parameters"]
    assert tuple(parameters[0]["schema"]["enum"]) == config.formats(config.library().get(DATASET).table)


def test_its_pages_have_each_operation_and_no_script(app, document):
    index = app.get("/openapi").body
    assert "<script" not in index
    for path, _, node in operations(document):
        assert path in index
        assert f"/openapi/{node['operationId']}" in index
    page = app.get(f"/openapi/ogc.items.{DATASET}")
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert "<script" not in page.body
    for field in config.library().get(DATASET).rows.fields:
        assert f"<code>{field.name}</code>" in page.body
    assert app.get("/openapi/nothing").status_code == 404
