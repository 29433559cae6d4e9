"""Reads OGC CQL2 text (21-065r2) into the form that CQL2 has in JSON, in one pass from left to right.

The library ``cql2`` 0.6 takes twice as long for each further open bracket of a text with an error, and ends the process
at some thousand ``NOT``; here a text takes time by its length alone, and brackets lie in each other as deep as
:mod:`..limits` says. Whole numbers stay whole. What names and functions mean is for :mod:`.cql2`.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple, NoReturn

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import TooLargeQueryError, UnknownFunctionError, UnreadableError
from ckanext.cpdi.query.limits import BRACKETS

Node = Any
"""A value of JSON."""
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")+")
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<name>[^\W\d][\w.:]*)
  | (?P<sign><=|>=|<>|!=|[=<>(),+\-*/^%])
  | (?P<end>\Z)
  )""",
    re.VERBOSE,
)
_COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_GEOMETRIES = {
    "point": ("Point", 0),
    "linestring": ("LineString", 1),
    "multipoint": ("MultiPoint", 1),
    "polygon": ("Polygon", 2),
    "multilinestring": ("MultiLineString", 2),
    "multipolygon": ("MultiPolygon", 3),
}
"""Names of geometries in the text: those of GeoJSON, and how deep their positions lie in lists."""
_RESERVED = ("and", "or", "not", "like", "between", "in", "is", "null")


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def read(text: str, parameter: str = "") -> Node:
    """Return ``text`` as a value of JSON, of which nothing but its form is known to be right.

    Raises UnreadableError, UnknownFunctionError or TooLargeQueryError.
    """
    return _Reader(text, parameter).whole()


class _Reader:
    """Goes through the tokens of one text; each method reads what it is called after."""

    def __init__(self, text: str, parameter: str) -> None:
        self._text, self._parameter, self._depth = text, parameter, 0
        self._at = 0
        self._token = self._next()

    def whole(self) -> Node:
        node = self._any_of()
        if self._token.kind != "end":
            self._expected(Said("AND, OR or the end"))
        return node

    def _any_of(self) -> Node:
        return self._joined("or", self._all_of)

    def _all_of(self) -> Node:
        return self._joined("and", self._negation)

    def _joined(self, word: str, part: Any) -> Node:  # noqa: ANN401  a method
        parts = [part()]
        while self._is(word):
            self._take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else {"op": word, "args": parts}

    def _negation(self) -> Node:
        if not self._is("not"):
            return self._predicate()
        self._take()
        self._deeper()
        node = {"op": "not", "args": [self._negation()]}
        self._depth -= 1
        return node

    def _predicate(self) -> Node:
        left = self._operand()
        if self._token.text in _COMPARISONS:
            return {"op": _COMPARISONS[self._take().text], "args": [left, self._operand()]}
        if self._is("is"):
            self._take()
            is_not = self._skip("not")
            self._word("null")
            return _unless(is_not, {"op": "isNull", "args": [left]})
        is_not = self._skip("not")
        if self._skip("like"):
            return _unless(is_not, {"op": "like", "args": [left, self._operand()]})
        if self._skip("between"):
            low = self._operand()
            self._word("and")
            return _unless(is_not, {"op": "between", "args": [left, low, self._operand()]})
        if self._skip("in"):
            return _unless(is_not, {"op": "in", "args": [left, self._arguments()]})
        if is_not:
            self._expected(Said("LIKE, BETWEEN or IN"))
        return left

    def _operand(self) -> Node:
        if self._token.text in ("+", "-"):
            sign = self._take().text
            if self._token.kind != "number":
                self._no_arithmetic()
            value = self._number()
            return -value if sign == "-" else value
        node = self._value()
        if self._token.text in ("+", "-", "*", "/", "^", "%"):
            self._no_arithmetic()
        return node

    def _value(self) -> Node:
        match self._token.kind:
            case "number":
                return self._number()
            case "text":
                return self._take().text[1:-1].replace("''", "'")
            case "quoted":
                return {"property": self._take().text[1:-1].replace('""', '"')}
            case "name" if self._token.text.lower() not in _RESERVED:
                return self._named(self._take().text)
            case _:
                return self._in_brackets()

    def _in_brackets(self) -> Node:
        if self._token.text != "(":
            self._expected(Said("a column, a value or an opening bracket"))
        self._take()
        self._deeper()
        node = self._any_of()
        self._depth -= 1
        self._word(")")
        return node

    def _named(self, name: str) -> Node:
        """Return the column, function or value that begins with ``name``."""
        lower = name.lower()
        if lower in ("true", "false"):
            return lower == "true"
        if lower in _GEOMETRIES and self._is("z"):
            self._take()
        if self._token.text != "(":
            return {"property": name}
        if lower in _GEOMETRIES:
            return self._geometry(*_GEOMETRIES[lower])
        arguments = self._arguments()
        if lower in ("date", "timestamp") and len(arguments) == 1:
            return {lower: arguments[0]}
        if lower == "interval":
            return {lower: arguments}
        if lower in ("bbox", "envelope"):
            return {"bbox": arguments}
        return {"op": lower, "args": arguments} if lower != "geometrycollection" else _collection(arguments)

    def _arguments(self) -> list[Node]:
        self._word("(")
        self._deeper()
        listed = [self._any_of()] if self._token.text != ")" else []
        while self._token.text == ",":
            self._take()
            listed.append(self._any_of())
        self._depth -= 1
        self._word(")")
        return listed

    def _geometry(self, kind: str, depth: int) -> Node:
        coordinates = self._coordinates()
        if kind == "MultiPoint":
            coordinates = [item[0] if isinstance(item[0], list) else item for item in coordinates]
        if depth == 0:
            coordinates = coordinates[0]
        return {"type": kind, "coordinates": coordinates}

    def _coordinates(self) -> list[Any]:
        """Return positions, or lists of positions, in brackets."""
        self._word("(")
        self._deeper()
        listed = [self._position()]
        while self._token.text == ",":
            self._take()
            listed.append(self._position())
        self._depth -= 1
        self._word(")")
        return listed

    def _position(self) -> list[Any]:
        if self._token.text == "(":
            return self._coordinates()
        position: list[Any] = []
        while self._token.kind == "number" or self._token.text in ("-", "+"):
            sign = self._take().text if self._token.kind == "sign" else "+"
            position.append(-self._number() if sign == "-" else self._number())
        return position or self._expected(Said("two numbers"))

    def _number(self) -> int | float:
        if self._token.kind != "number":
            self._expected(Said("a number"))
        text = self._take().text
        return int(text) if text.isdigit() and len(text) < 20 else float(text)

    def _next(self) -> _Token:
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            begin = len(self._text[: self._at]) + len(self._text[self._at :]) - len(self._text[self._at :].lstrip())
            raise UnreadableError(
                Said(
                    "the filter cannot be read from character {begin} on, at {text!r}",
                    begin=begin + 1,
                    text=self._text[begin : begin + 20],
                ),
                self._parameter,
            )
        kind = match.lastgroup or "end"
        self._at = match.end()
        return _Token(kind, match[kind], match.start(kind))

    def _take(self) -> _Token:
        taken = self._token
        self._token = self._next()
        return taken

    def _is(self, word: str) -> bool:
        return self._token.kind == "name" and self._token.text.lower() == word

    def _skip(self, word: str) -> bool:
        """Return whether ``word`` comes next, and go beyond it."""
        if self._is(word):
            self._take()
            return True
        return False

    def _word(self, word: str) -> None:
        if self._token.kind in ("text", "quoted") or self._token.text.lower() != word:
            self._expected(word.upper())
        self._take()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > BRACKETS:
            raise TooLargeQueryError(
                Said("conditions and brackets lie at most {brackets} deep in each other", brackets=BRACKETS),
                self._parameter,
            )

    def _no_arithmetic(self) -> NoReturn:
        raise UnknownFunctionError(Said("filters do not calculate; {where}", where=self._where()), self._parameter)

    def _expected(self, what: str) -> NoReturn:
        raise UnreadableError(
            Said("the filter should have {what} {where}", what=what, where=self._where()), self._parameter
        )

    def _where(self) -> str:
        if self._token.kind == "end":
            return Said("at its end")
        before = self._text[self._token.at : self._token.at + 20]
        return Said("at character {at}, before {before!r}", at=self._token.at + 1, before=before)


def _unless(is_not: bool, node: Node) -> Node:
    return {"op": "not", "args": [node]} if is_not else node


def _collection(geometries: list[Node]) -> Node:
    return {"type": "GeometryCollection", "geometries": geometries}
