"""View models of the pages: the operations by service, and an operation with its parameters and answers.

In: the document. Out: names, words and schemas in the form that templates show; references are followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ckanext.cpdi.services.openapi.part import Node

_METHODS = ("get", "post")
_COMPARED = re.compile(r"__(gte|gt|lte|lt|empty)$")
_LISTED = 60
"""Values that a page lists of a parameter."""


def index_view(document: Node) -> dict[str, Any]:
    """Return the services with their operations."""
    rows: dict[str, list[dict[str, str]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, method, node in _operations(document):
        rows[node["tags"][0]].append(_short(path, method, node))
    services = [{**tag, "id": _anchor(tag["name"]), "operations": rows[tag["name"]]} for tag in document["tags"]]
    return {"info": document["info"], "services": services, "number": sum(map(len, rows.values()))}


def operation_view(document: Node, name: str) -> dict[str, Any] | None:
    """Return the operation called ``name``; None where there is none."""
    for path, method, node in _operations(document):
        if node["operationId"] == name:
            parameters = [_parameter(_followed(document, each)) for each in node["parameters"]]
            return {
                **_short(path, method, node),
                "tag": node["tags"][0],
                "anchor": _anchor(node["tags"][0]),
                "description": node.get("description", ""),
                "parameters": [each for each in parameters if not _COMPARED.search(each["name"])],
                "compared": any(_COMPARED.search(each["name"]) for each in parameters),
                "body": _body(document, node),
                "answers": [_answer(document, status, answer) for status, answer in node["responses"].items()],
            }
    return None


def _operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, item in document["paths"].items():
        yield from ((path, method, item[method]) for method in _METHODS if method in item)


def _short(path: str, method: str, node: Node) -> dict[str, str]:
    return {"path": path, "method": method.upper(), "name": node["operationId"], "summary": node["summary"]}


def _anchor(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def _followed(document: Node, node: Node) -> Node:
    """Return what ``node`` refers to, or itself."""
    place: Any = document
    if "$ref" not in node:
        return node
    for part in node["$ref"].removeprefix("#/").split("/"):
        place = place[part]
    return place


def _parameter(node: Node) -> dict[str, Any]:
    return _field(node["name"], node["schema"], node.get("description", "")) | {"required": node.get("required", False)}


def _field(name: str, schema: Node, words: str) -> dict[str, Any]:
    """Return a parameter: its type and its values in words."""
    is_list = schema.get("type") == "array"
    inner: Node = schema.get("items", {}) if is_list else schema
    values = inner.get("enum", [])
    limits = [f"{word} {inner[key]:,}" for key, word in (("minimum", "≥"), ("maximum", "≤")) if key in inner]
    return {
        "name": name,
        "type": " ".join(filter(None, [str(inner.get("type", "")), inner.get("format", ""), "…" if is_list else ""])),
        "words": words or schema.get("description", ""),
        "values": values[:_LISTED],
        "more": max(0, len(values) - _LISTED),
        "limits": ", ".join(limits),
        "default": orjson.dumps(schema["default"]).decode().strip('"') if "default" in schema else "",
    }


def _body(document: Node, node: Node) -> dict[str, Any] | None:
    """Return the body that an operation takes: its media types, and its fields."""
    if "requestBody" not in node:
        return None
    content: Mapping[str, Node] = node["requestBody"]["content"]
    schema = _followed(document, next(iter(content.values()))["schema"])
    fields = [_field(name, part, part.get("description", "")) for name, part in schema["properties"].items()]
    return {"kinds": list(content), "fields": fields}


def _answer(document: Node, status: str, node: Node) -> dict[str, Any]:
    """Return an answer: its words, and its schema as JSON, the same for several media types once."""
    followed = _followed(document, node)
    schemas: dict[str, list[str]] = {}
    for kind, content in followed.get("content", {}).items():
        schemas.setdefault(_written(_followed(document, content["schema"])), []).append(kind)
    listed = [{"kinds": kinds, "schema": schema} for schema, kinds in schemas.items()]
    return {"status": status, "words": followed["description"], "schemas": listed}


def _written(schema: Node) -> str:
    """Return a schema as a text; empty for one that says no more than its media type."""
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode() if len(schema) > 1 else ""
