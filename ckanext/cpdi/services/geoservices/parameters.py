"""The parameters of a request as GeoServices' clients send them: in the address, a form, or a JSON document.

Names have any case, empty values are as if they were not there, and truth is spelled as in C, JSON or Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import orjson
from werkzeug import Request
from werkzeug.exceptions import HTTPException

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import TooLargeQueryError, UnreadableError
from ckanext.cpdi.query.limits import NESTING

BYTES = 2_000_000
"""Of a body; polygons with some ten thousand corners fit."""
_TRUE, _FALSE = ("true", "1", "yes", "t"), ("false", "0", "no", "f")


class Parameters:
    """The parameters by name; a name that stands twice has its first value. ``pairs`` are all of them, as they came."""

    def __init__(self, values: Mapping[str, str], pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Keep ``values``, whose names may have any case."""
        self.pairs = tuple(pairs)
        self._values: dict[str, str] = {}
        for name, value in values.items():
            if value.strip():
                self._values.setdefault(name.strip().lower(), value)

    def __contains__(self, name: str) -> bool:
        """Return whether ``name`` has a value."""
        return name.lower() in self._values

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._values)

    def text(self, name: str, default: str = "") -> str:
        """Return the text of ``name``, without blanks around it."""
        return self._values.get(name.lower(), default).strip()

    def flag(self, name: str, default: bool = False) -> bool:
        """Return whether ``name`` is true; raise UnreadableError for a word that is neither."""
        word = self.text(name).lower()
        if not word:
            return default
        if word not in _TRUE + _FALSE:
            raise UnreadableError(Said("{name} is true or false, not {word!r}", name=name, word=word[:40]), name)
        return word in _TRUE

    def whole(self, name: str, least: int, default: int | None = None) -> int | None:
        """Return the whole number of ``name``; raise UnreadableError where it is none, or less than ``least``."""
        text = self.text(name)
        if not text:
            return default
        number = _whole(text)
        if number is None or number < least:
            raise UnreadableError(
                Said("{name} is a whole number from {least} on, not {text!r}", name=name, least=least, text=text[:40]),
                name,
            )
        return number

    def names(self, name: str) -> list[str]:
        """Return the parts of a list that is separated by commas, without those that are empty."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def document(self, name: str) -> Any:  # noqa: ANN401  JSON has any shape
        """Return the JSON of ``name``, None where it is absent; raise UnreadableError where it is none."""
        text = self.text(name)
        return document(text, name) if text else None


def read(request: Request) -> Parameters:
    """Return the parameters of ``request``; raise TooLargeQueryError and UnreadableError for a body that is none."""
    values, pairs = dict(request.args.items()), list(request.args.items(multi=True))
    if request.method != "POST":
        return Parameters(values, pairs)
    if (request.content_length or 0) > BYTES:
        raise TooLargeQueryError(Said("a request has at most {bytes} bytes", bytes=BYTES))
    request.max_content_length = request.max_form_memory_size = BYTES
    try:
        values |= dict(request.form.items())
        pairs += request.form.items(multi=True)
        if request.mimetype == "application/json" or not (values or request.form):
            values |= _of_json(request.get_data())
    except HTTPException:  # a body without a length that is too long, or a broken form
        raise TooLargeQueryError(Said("the body cannot be read, or has more than {bytes} bytes", bytes=BYTES)) from None
    return Parameters(values, pairs)


def document(text: str, name: str = "") -> Any:  # noqa: ANN401
    """Return the JSON of ``text``; raise UnreadableError where it is none, or lies too deep in itself."""
    if max(text.count("["), text.count("{")) > NESTING and _depth(text) > NESTING:
        raise UnreadableError(
            Said("{name} has lists and objects at most {nesting} deep", name=name or Said("the body"), nesting=NESTING),
            name,
        )
    try:
        return orjson.loads(text)
    except ValueError:
        raise UnreadableError(
            Said("{name} is to be JSON; this is none: {text!r}", name=name or Said("the body"), text=text[:80]), name
        ) from None


def _of_json(body: bytes) -> dict[str, str]:
    """Return the values of a JSON object as texts."""
    if not body.strip():
        return {}
    values = document(body.decode("utf-8", "replace"))
    if not isinstance(values, dict):
        raise UnreadableError("the body is a form, or a JSON object of parameters")
    return {name: _text(value) for name, value in cast("dict[str, object]", values).items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, list) and all(isinstance(part, str | int) for part in cast("list[object]", value)):
        return ",".join(map(str, cast("list[object]", value)))
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _whole(text: str) -> int | None:
    """Return a whole number of at most nine digits, also where it is written as 10.0."""
    digits = text.removesuffix(".0")
    return int(digits) if digits.lstrip("-").isascii() and digits.lstrip("-").isdigit() and len(digits) < 10 else None


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest
