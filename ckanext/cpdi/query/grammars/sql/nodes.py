"""Parts of the parser's nodes with types: every one of them may be missing as far as the library's types know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from pglast import ast


def nodes(part: object) -> Sequence[ast.Node]:
    """Return a list of nodes, empty where there is none."""
    return cast("Sequence[ast.Node]", part or ())


def names(part: object) -> list[str]:
    """Return the names of a list of them; ``*`` stands for all columns."""
    listed = cast("Iterable[object]", part or ())
    return [str(name.sval) if isinstance(name, ast.String) else "*" for name in listed]


def function_name(node: ast.FuncCall) -> list[str]:
    """Return the name of a function in lower case, without the schema of PostgreSQL's own."""
    return own([name.lower() for name in names(node.funcname)])


def own(listed: list[str]) -> list[str]:
    """Return a name without the schema of PostgreSQL's own, which the parser puts before what its grammar knows."""
    return listed[1:] if len(listed) == 2 and listed[0] == "pg_catalog" else listed
