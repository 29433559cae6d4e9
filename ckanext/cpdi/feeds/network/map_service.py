"""What an ArcGIS map service answers: documents in JSON, checked for their form, their numbers as texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from msgspec import Struct, ValidationError, convert
from urllib3.util import Url

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import check_size
from ckanext.cpdi.feeds.network.attempts import TransientError
from ckanext.cpdi.feeds.network.web import Client, show
from ckanext.cpdi.feeds.readers.cells import text

_TRANSIENT = {429, 500, 502, 503, 504}
_SIGN_IN = {401, 403, 498, 499}
_MOST_BYTES_A_PAGE = 64 << 20

T = TypeVar("T")
Document = dict[str, Any]


class Field(Struct):
    """A column of a layer."""

    name: str
    type: str = ""


class Capabilities(Struct, rename="camel"):
    """What a layer can do beyond the least."""

    supports_pagination: bool = False


class Edits(Struct, rename="camel"):
    """When a layer was edited last, in epoch milliseconds."""

    data_last_edit_date: str | None = None
    last_edit_date: str | None = None


class Description(Struct, rename="camel"):
    """The members of a layer's document that are used here; numbers are texts in it."""

    fields: tuple[Field, ...] | None = None
    object_id_field: str | None = None
    max_record_count: int | None = None
    geometry_type: str | None = None
    advanced_query_capabilities: Capabilities | None = None
    editing_info: Edits | None = None


class Count(Struct):
    """How many rows a layer has."""

    count: int


class Feature(Struct):
    """A row, with its place where that was requested."""

    attributes: Document
    geometry: Any = None


class Page(Struct, rename="camel"):
    """Rows of a layer, and whether there are more."""

    features: tuple[Feature, ...]
    exceeded_transfer_limit: bool | None = None
    spatial_reference: Any = None


def ask(client: Client, url: Url, below: str, query: Iterable[tuple[str, str]], into: type[T]) -> T:
    """Return the service's answer as ``into``, retried after transient faults; raise FeedError if it does not fit."""
    target = url._replace(path=(url.path or "") + below, query=urlencode([*query, ("f", "json")]))
    document = client.attempt(lambda: _ask_once(client, target))
    try:
        return convert(document, into, strict=False)
    except ValidationError:
        raise FeedError(
            "unreadable", Said("{target} did not answer as a layer of a map service does.", target=show(target))
        ) from None


def _ask_once(client: Client, target: Url) -> Document:
    """Return the JSON object at ``target``, its numbers as text."""
    body = bytearray()
    for block in client.get(str(target)).body:
        body += block
        check_size(len(body), min(client.settings.max_bytes, _MOST_BYTES_A_PAGE))
    try:
        answer = json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise TransientError(
            FeedError("unreadable", Said("{target} did not answer in JSON.", target=show(target)))
        ) from None
    if not isinstance(answer, dict):
        raise FeedError("unreadable", Said("{target} is not a map service.", target=show(target)))
    document = cast(Document, answer)
    if "error" in document:
        raise _error(target, document["error"])
    return document


def _error(target: Url, error: object) -> FeedError | TransientError:
    """Return the error for an ``error`` object, sent with the status 200. Its text may hold secrets and is not used."""
    number = text(cast(Document, error).get("code")) if isinstance(error, dict) else ""
    code = int(number) if number and number.isdigit() else 0
    if code in _SIGN_IN:
        return FeedError(
            "status",
            Said(
                "{target} asks for a token ({code}). It may be missing, wrong or expired.",
                target=show(target),
                code=code,
            ),
        )
    fault = FeedError(
        "status", Said("{target} answered with the error {code}.", target=show(target), code=code or "that has no code")
    )
    return TransientError(fault) if code in _TRANSIENT else fault
