"""CKAN's actions on our tables: ``datastore_search`` and ``datastore_search_sql``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.services.ogc.tables import Collection
from ckanext.cpdi.services.openapi.part import (
    JSON,
    NO_NUL,
    TEXTUAL,
    Node,
    Operation,
    Part,
    a_list,
    an_object,
    answer,
    asked,
    reference,
)

TAG = "DataStore API"
_ROOT = "/api/3/action"
_LIMITED = {str(status): reference("responses", "ActionError") for status in (400, 403, 404, 409, 429)}


def part(tables: Sequence[Collection]) -> Part:
    """Return the two actions; without a table there are none."""
    paths: dict[str, Any] = {}
    if tables:
        titles = ", ".join(f"{resource_id(table.name)} ({table.dataset.title.en})" for table in tables)
        identifiers: Node = {"type": "string", "enum": [resource_id(table.name) for table in tables]}
        paths = {
            f"{_ROOT}/datastore_search": _search(identifiers | {"description": titles}, tables),
            f"{_ROOT}/datastore_search_sql": _select(),
        }
    failed = an_object(
        {"success": {"enum": [False]}, "error": {"type": "object"}, "help": TEXTUAL}, ["success", "error"]
    )
    components = {
        "schemas": {"ActionError": {"anyOf": [failed, TEXTUAL]}, "Records": _records()},
        "responses": {"ActionError": answer("what is wrong", {JSON: reference("schemas", "ActionError")})},
    }
    return Part(TAG, "CKAN's own API on the tables, as analysts' tools use it. Times are UTC.", paths, components)


def _records() -> Node:
    """Return the schema of an answer with rows."""
    field = an_object({"id": TEXTUAL, "type": TEXTUAL}, ["id", "type"])
    result = an_object(
        {
            "records": {"description": "a list of objects, or what records_format asks for"},
            "fields": a_list(field),
            "total": {"type": "integer"},
            "limit": {"type": "integer"},
            "offset": {"type": "integer"},
        },
        ["records", "fields"],
    )
    return an_object({"help": TEXTUAL, "success": {"enum": [True]}, "result": result}, ["success", "result"])


def _search(identifiers: Node, tables: Sequence[Collection]) -> Node:
    names = sorted({field.name for table in tables for field in table.dataset.rows.fields} | {"_id"})
    listed = {"type": "string", "enum": names}
    most = int(tk.config["ckan.datastore.search.rows_max"])
    whole: Node = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
    schemas: dict[str, tuple[str, Node]] = {
        "resource_id": ("the table", identifiers),
        "q": ("words that a row has", NO_NUL | {"maxLength": 200}),
        "limit": (f"rows of the answer; more than {most:,} are as many as that", whole | {"default": 100}),
        "offset": ("rows to leave out first", whole | {"default": 0}),
        "include_total": ("whether the rows are counted", {"type": "boolean", "default": True}),
        "distinct": ("whether rows that are alike count once", {"type": "boolean", "default": False}),
    }
    fields = asked("fields", "columns of the answer", a_list(listed), style="form", explode=False)
    filters = asked("filters", "columns and their values, as a JSON object", {"type": "string", "format": "json"})
    order = asked("sort", "columns with asc or desc behind them, commas between", TEXTUAL)
    parameters = [asked(name, words, schema) for name, (words, schema) in schemas.items()]
    parameters[0]["required"] = True
    body = an_object(
        {
            **{name: schema for name, (_, schema) in schemas.items()},
            "fields": a_list(listed),
            "filters": {"type": "object", "propertyNames": {"enum": names}},
            "sort": TEXTUAL,
        },
        ["resource_id"],
    )
    return _action("search", "Rows of a table", (*parameters, fields, filters, order), body)


def _select() -> Node:
    sql: Node = {"type": "string", "minLength": 1}
    words = "one SELECT on one table, which is called by its id in double quotes"
    return _action(
        "sql",
        "The answer to a SELECT",
        (asked("sql", words, sql) | {"required": True},),
        an_object({"sql": sql}, ["sql"]),
    )


def _action(name: str, summary: str, parameters: tuple[Node, ...], body: Node) -> Node:
    """Return an action by GET and POST."""
    answers = {"200": answer("the rows", {JSON: reference("schemas", "Records")}), **_LIMITED}
    got = Operation(f"datastore.{name}.get", TAG, summary, answers, parameters)
    posted = Operation(f"datastore.{name}.post", TAG, summary, answers, body={JSON: body})
    return {"get": got.node(), "post": posted.node()}
