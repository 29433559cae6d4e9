"""SQL from text to a parse tree, by PostgreSQL's own parser, behind limits that keep the process safe.

In: a text. Out: the node of a condition or of a SELECT, for somebody who takes of it what is known and refuses all
else. The parser is C and walks its tree by recursion: operators in a row (``- - - 1``) need no brackets to lie some
thousands deep, and end a thread with a small stack. So the words of a text are counted before it is parsed.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, cast

from pglast import ast, parse_sql
from pglast.parser import ParseError, scan

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import TooLargeQueryError, UnknownFunctionError, UnreadableError
from ckanext.cpdi.query.limits import NESTING, TEXT

WORDS = 160
"""Words and operators that may lie in each other: those since the last comma, AND or OR of each open bracket."""
_SIBLINGS = frozenset({"AND", "OR", "ASCII_44"})
"""What parts beside each other stand between."""
_OPEN, _CLOSED = "ASCII_40", "ASCII_41"
_REFUSED = {
    "ASCII_59": Said("a second statement"),
    "ASCII_91": Said("an array"),
    "ARRAY": Said("an array"),
    "CASE": Said("CASE"),
    "EXCEPT": Said("EXCEPT"),
    "EXISTS": Said("a subquery"),
    "INTERSECT": Said("INTERSECT"),
    "JOIN": Said("a join"),
    "PARAM": Said("a parameter"),
    "UNION": Said("UNION"),
    "VALUES": Said("VALUES"),
}
"""Tokens that no question needs, and whose parts lie in each other without brackets."""
_HEAD = "SELECT 1 WHERE "


class Token(NamedTuple):
    """A token of the parser's: its name, and the places of its first and last character."""

    name: str
    start: int
    end: int


class _Statement(Protocol):
    stmt: ast.Node


def condition(text: str, parameter: str = "") -> ast.Node:
    """Return the node of a condition; raise UnreadableError, TooLargeQueryError or UnknownFunctionError."""
    _check(text, 0, parameter)
    statement = _parse(_HEAD + text, parameter)
    refuse_all_but(statement, {"targetList", "whereClause"}, parameter)
    if statement.whereClause is None or len(statement.targetList or ()) != 1:
        raise UnreadableError("there is no condition here", parameter)
    return statement.whereClause


def select(text: str, parameter: str = "") -> ast.SelectStmt:
    """Return a SELECT; raise UnreadableError, TooLargeQueryError or UnknownFunctionError."""
    text = text.strip().rstrip(";")
    _check(text, 1, parameter)
    return _parse(text, parameter)


def refuse_all_but(node: ast.Node, known: set[str], parameter: str = "") -> None:
    """Raise UnknownFunctionError where ``node`` has another part than the ``known``."""
    for name in cast("dict[str, object]", vars(type(node))["__slots__"]):
        if name not in known and name != "location" and getattr(node, name, None):
            raise UnknownFunctionError(Said("{name} is no part of a question here", name=name), parameter)


def _check(text: str, selects: int, parameter: str) -> None:
    """Refuse a text that is too long or too deep, or has words that no question has."""
    if len(text) > TEXT:
        raise TooLargeQueryError(
            Said("a filter has at most {text} characters, this one {n}", text=TEXT, n=len(text)), parameter
        )
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise UnreadableError("the text has a character that is none of Unicode's", parameter)
    tokens = _tokens(text, parameter)
    for token in tokens:
        if token.name in _REFUSED:
            raise UnknownFunctionError(
                Said("{refused} is no part of a question here", refused=_REFUSED[token.name]), parameter
            )
    if sum(token.name == "SELECT" for token in tokens) > selects:
        raise UnknownFunctionError("a subquery is no part of a question here", parameter)
    _check_depth(tokens, parameter)


def _tokens(text: str, parameter: str) -> list[Token]:
    try:
        return [cast("Token", token) for token in scan(text)]
    except ParseError as error:
        raise _unreadable(error, parameter) from None


def _check_depth(tokens: list[Token], parameter: str) -> None:
    """Refuse brackets, or words within them, that lie too deep in each other."""
    words = [0]
    for token in tokens:
        if token.name in _SIBLINGS:
            words[-1] = 0
        elif token.name == _CLOSED:
            words = words[:-1] or [0]
        else:
            words[-1] += 1
        if token.name == _OPEN:
            words.append(0)
        if len(words) > NESTING:
            raise TooLargeQueryError(
                Said("brackets lie at most {nesting} deep in each other", nesting=NESTING), parameter
            )
        if sum(words) > WORDS:
            raise TooLargeQueryError(
                Said(
                    "a part of a question has at most {words} words and operators between AND, OR and commas",
                    words=WORDS,
                ),
                parameter,
            )


def _parse(text: str, parameter: str) -> ast.SelectStmt:
    try:
        statements = cast("tuple[_Statement, ...]", parse_sql(text))
    except ParseError as error:
        raise _unreadable(error, parameter) from None
    if len(statements) != 1 or not isinstance(statements[0].stmt, ast.SelectStmt):
        raise UnknownFunctionError("a question is one SELECT", parameter)
    return statements[0].stmt


def _unreadable(error: ParseError, parameter: str) -> UnreadableError:
    """Return the parser's words, without the place, which counts what was put before the text."""
    words = str(error.args[0]) if error.args else "a mistake"
    return UnreadableError(Said("this cannot be read as SQL: {words}", words=words[:120]), parameter)
