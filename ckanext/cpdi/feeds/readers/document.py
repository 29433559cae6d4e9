"""Walks a JSON document that holds records: the records one by one, and what it says beside them.

In: a :class:`Scanner` at the beginning. Out: the items, and then in ``said`` the members that tell whether they are
all, and in which reference system their points are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.parsing.scanner import Scanner

_LISTS = ("features", "records", "rows", "results", "data", "items", "value")
_INNER = ("result",)
"""Members in which an answer may keep its list of records, as CKAN's does."""
_COUNTS = {
    "total", "count", "totalcount", "totalrecords", "recordstotal", "totalfeatures", "numbermatched", "@odata.count",
}  # fmt: skip
_FURTHER = {"next", "nextlink", "nextpage", "nextpageurl", "nextpagetoken", "nexturl", "@odata.nextlink"}
_KEPT = {"exceededtransferlimit", "properties", "links", "crs", "spatialreference", *_COUNTS, *_FURTHER}
_PLAIN = re.compile(r"[\s_-]+")

Said = dict[str, Any]


def records(scanner: Scanner, said: Said) -> Iterator[object]:
    """Yield the items of the array, or of the one list of records in the object, that the document is.

    Fills ``said`` with the members that matter, by their names in small letters. Raises FeedError: answer where it is
    an error message, has no list of records, or several.
    """
    if scanner.peek() == "[":
        yield from scanner.items()
        scanner.end()
        return
    found: list[str] = []
    yield from _object(scanner, said, found)
    scanner.end()
    if not found:
        raise FeedError("answer", "The feed is a JSON object without a list of records, perhaps an error message.")


def _object(scanner: Scanner, said: Said, found: list[str]) -> Iterator[object]:
    """Yield the items of the list in the object that begins here; ``found`` gets the names of the lists."""
    scanner.take("{")
    while scanner.peek() != "}":
        name = scanner.value()
        scanner.take(":")
        first = scanner.peek()
        if name in _LISTS and not found and first == "[":
            found.append(name)
            yield from scanner.items()
        elif name in _INNER and not found and first == "{":
            yield from _object(scanner, said, found)
        else:
            _keep(name, scanner.value(), said, found)
        if scanner.peek() != "}":
            scanner.take(",")
    scanner.take("}")


def _keep(name: object, value: Any, said: Said, found: list[str]) -> None:  # noqa: ANN401  JSON holds anything
    """Keep a member that matters; raise FeedError for an error message, and for a second list of records."""
    if value and name == "error":
        raise FeedError("answer", "The feed's address answered with an error message in place of a table.")
    if name in _LISTS and isinstance(value, list) and any(isinstance(one, dict) for one in cast(list[object], value)):
        raise FeedError("answer", f"The feed has two lists of records, {found[0]} and {name}; one is expected.")
    if (plain := _PLAIN.sub("", str(name)).lower()) in _KEPT:
        said[plain] = value


def check_whole(said: Mapping[str, Any], rows: int) -> None:
    """Raise FeedError (truncated) where the document says that its ``rows`` records are not all.

    A count decides where there is one: a link to a next page stands in some answers whether there is one or not.
    """
    properties = said.get("properties")
    inner = cast(Said, properties) if isinstance(properties, dict) else {}
    if "true" in {str(one.get(key)).lower() for one in (said, inner) for key in _LIMIT_KEYS}:
        raise _part(f"{rows:,} rows came, and the answer says that there are more than it may give at once")
    counts = [int(said[key]) for key in _COUNTS & said.keys() if str(said[key]).isdecimal()]
    if counts and max(counts) > rows:
        raise _part(f"{rows:,} rows came of {max(counts):,}")
    if not counts and _has_next(said):
        raise _part(f"{rows:,} rows came, and the answer names a next page")


_LIMIT_KEYS = ("exceededTransferLimit", "exceededtransferlimit")


def _has_next(said: Mapping[str, Any]) -> bool:
    """Say whether a further page is named."""
    if any(said.get(key) not in (None, "", False) for key in _FURTHER):
        return True
    links = said.get("links")
    if isinstance(links, dict):
        return bool(cast(Said, links).get("next"))
    return isinstance(links, list) and any(
        isinstance(one, dict) and cast(Said, one).get("rel") == "next" for one in cast(list[object], links)
    )


def _part(what: str) -> FeedError:
    return FeedError(
        "truncated",
        f"The feed is a part of the table: {what}. Give the address of the layer itself, or of an export of all rows.",
    )
