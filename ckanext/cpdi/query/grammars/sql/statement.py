"""A SELECT as a text: of one table, by the clauses that are answered.

In: the text. Out: its node of the parse tree, and the table that it names.
"""

from __future__ import annotations

from dataclasses import dataclass

from pglast import ast, enums

from ckanext.cpdi.query.errors import UnknownFunctionError
from ckanext.cpdi.query.grammars.sql import text as sql_text
from ckanext.cpdi.query.grammars.sql.nodes import nodes

PARAMETER = "sql"
_KNOWN = {
    "distinctClause",
    "targetList",
    "fromClause",
    "whereClause",
    "groupClause",
    "havingClause",
    "sortClause",
    "limitCount",
    "limitOffset",
    "limitOption",
}


@dataclass(frozen=True)
class Statement:
    """A SELECT that was read; ``table`` is what it names the table."""

    node: ast.SelectStmt
    table: str
    qualifiers: frozenset[str]


def read_select(text: str) -> Statement:
    """Return the SELECT in ``text``; raise QueryError where it is none of one table."""
    node = sql_text.select(text, PARAMETER)
    sql_text.refuse_all_but(node, _KNOWN, PARAMETER)
    if node.limitOption == enums.LimitOption.LIMIT_OPTION_WITH_TIES:
        raise UnknownFunctionError("WITH TIES is not answered here", PARAMETER)
    sources = nodes(node.fromClause)
    table = sources[0] if len(sources) == 1 else None
    if not isinstance(table, ast.RangeVar) or not table.inh:
        raise UnknownFunctionError("FROM names one table, by the id of its resource in double quotes", PARAMETER)
    if table.catalogname or table.schemaname not in (None, "public"):
        raise UnknownFunctionError("a table is called by the id of its resource alone", PARAMETER)
    called = str(table.relname)
    if table.alias is not None:
        sql_text.refuse_all_but(table.alias, {"aliasname"}, PARAMETER)
        return Statement(node, called, frozenset({str(table.alias.aliasname).lower()}))
    return Statement(node, called, frozenset({called.lower()}))
