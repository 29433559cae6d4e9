"""One table from exceptions to HTTP statuses: nothing beside it makes a status of an exception."""

from __future__ import annotations

import ast
from pathlib import Path

import ckan.plugins.toolkit as tk
import psycopg
import pytest
from helpers.documents import page, table

from ckanext.cpdi.publish.rows.since import SinceError, Unknown
from ckanext.cpdi.services.http.statuses import FAULT, STATUSES, status_of

HOME = Path(__file__).resolve().parents[3] / "ckanext" / "cpdi"
TREES = {
    str(path.relative_to(HOME)): ast.parse(path.read_text(encoding="utf-8"))
    for room in ("services", "site", "protect", "logic")
    for path in (HOME / room).rglob("*.py")
}
HANDLERS = [
    (where, node) for where, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)
]
ERRORS = {kind.__name__ for kind in STATUSES}


def calls(node: ast.AST, name: str) -> bool:
    return any(isinstance(one, ast.Call) and ast.unparse(one.func).endswith(name) for one in ast.walk(node))


def caught(handler: ast.ExceptHandler) -> set[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {ast.unparse(one).rpartition(".")[2] for one in kinds if one}
    return {tk.ObjectNotFound.__name__ if name == "ObjectNotFound" else name for name in names}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SinceError("x"), 400),
        (Unknown("20260101-1"), 410),
        (tk.NotAuthorized(), 403),
        (tk.ObjectNotFound(), 404),
        (psycopg.OperationalError(), 503),
        (psycopg.errors.QueryCanceled, 503),
        (ZeroDivisionError(), FAULT),
    ],
    ids=repr,
)
def test_the_nearest_kind_decides(error, status):
    assert status_of(error) == status


def test_no_handler_writes_a_status_by_itself():
    written = [
        f"{where}:{one.lineno}: {one.value}"
        for where, handler in HANDLERS
        for node in handler.body
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, int) and 400 <= one.value < 600
    ]
    assert written == []


def test_what_a_handler_asks_for_is_in_the_table():
    asked = [(where, caught(handler)) for where, handler in HANDLERS if calls(handler, "status_of")]
    assert len(asked) > 5
    assert [(where, kinds - ERRORS) for where, kinds in asked if kinds - ERRORS] == []


def test_every_error_of_the_table_is_caught_somewhere():
    used = set().union(*(caught(handler) for _, handler in HANDLERS if calls(handler, "status_of")))
    # One that is of a kind that is caught needs no handler of its own.
    assert {kind.__name__ for kind in STATUSES if not {base.__name__ for base in kind.__mro__} & used} == set()


def test_the_page_of_endpoints_has_every_status():
    assert {str(status) for status in STATUSES.values()} <= {
        row[0] for row in table(page("docs/endpoints.md"), "Errors").rows
    }
