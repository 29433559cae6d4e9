"""Rows as JSON, written column by column: numbers all at once, texts of which a table has few once a version.

In: a page. Out: the pieces of its rows, a column of them after the other; rows, strung together of such; a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

import orjson

from ckanext.cpdi.services.geoservices.fields import LayerField
from ckanext.cpdi.services.geoservices.page import Column, Page

Pieces = Iterable[bytes]
_END = b"\n"
"""No number or name of JSON has it."""
_TEXT = "esriFieldTypeString"


def attributes(page: Page) -> Iterator[Pieces]:
    """Yield the pieces of the rows' fields: the names and values of an object, without its brackets."""
    comma = b""
    for field, column in zip(page.fields, page.values.columns(), strict=False):
        yield _column(comma + orjson.dumps(field.name) + b":", field, column)
        comma = b","


def rows(page: Page, *pieces: Pieces) -> Iterator[bytes]:
    """Yield the rows of ``page``, each of its part of all ``pieces``."""
    return map(b"".join, zip(*pieces, strict=False)) if len(page.values) else iter(())


def numbers(values: Sequence[Any], name: bytes = b"") -> list[bytes]:
    """Return numbers with ``name`` before each, null among them; PostgreSQL's without limits are written as doubles."""
    if not values:
        return []
    written = orjson.dumps(values, default=float)[1:-1]
    return (name + written.replace(b",", _END + name)).split(_END)


def with_features(head: Mapping[str, Any], features: Iterable[bytes]) -> bytes:
    """Return the document that has ``features`` after the members of ``head``."""
    return b"".join((orjson.dumps(head)[:-1], b',"features":[', b",".join(features), b"]}"))


def _column(name: bytes, field: LayerField, column: Column) -> Pieces:
    """Return the pieces of a column, each with ``name`` before it."""
    if column.is_empty:
        return repeat(name + b"null", len(column.values))
    if field.type == _TEXT:
        return column.written(name, lambda text: name + orjson.dumps(text))
    return numbers(column.values, name)
