"""Walks a JSON document that holds records.

In: a :class:`Scanner` at the beginning. Out: the records, and then in ``members`` the other members of the document
that say whether these are all, and in which reference system their points are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.parsing.scanner import Scanner

_LISTS = ("features", "records", "rows", "results", "data", "items", "value")
_INNER = ("result",)
"""Members in which an answer may keep its list of records, as CKAN's does."""
_COUNTS = {
    "total", "count", "totalcount", "totalrecords", "recordstotal", "totalfeatures", "numbermatched", "@odata.count",
}  # fmt: skip
_FURTHER = {"next", "nextlink", "nextpage", "nextpageurl", "nextpagetoken", "nexturl", "@odata.nextlink"}
_USED = {"exceededtransferlimit", "properties", "links", "crs", "spatialreference", *_COUNTS, *_FURTHER}
_PLAIN = re.compile(r"[\s_-]+")

Members = dict[str, Any]


def records(scanner: Scanner, members: Members, way: tuple[str, ...] = ()) -> Iterator[object]:
    """Yield the items of the document's array, or of the one list of records in its object: the one at the end of
    ``way`` where that is given, else one that is called as usual.

    Fills ``members`` with the members that are used, by their names in lower case. Raises FeedError (answer) where the
    document is an error message, has no list of records, or several.
    """
    if scanner.peek() == "[":
        yield from scanner.items()
        scanner.end()
        return
    lists: list[str] = []
    yield from _object(scanner, members, lists, way)
    scanner.end()
    if not lists and way:
        raise FeedError(
            "answer",
            Said("The feed has no list of records at {way}, where the profile looks for it.", way=".".join(way)),
        )
    if not lists:
        raise FeedError("answer", "The feed is a JSON object without a list of records, perhaps an error message.")


def _object(scanner: Scanner, members: Members, lists: list[str], way: tuple[str, ...]) -> Iterator[object]:
    """Yield the items of the list in the object that begins here; ``lists`` gets the names of the lists."""
    inner, last = (_INNER, _LISTS) if not way else (way[:1], ()) if len(way) > 1 else ((), way)
    scanner.take("{")
    while scanner.peek() != "}":
        name = scanner.value()
        scanner.take(":")
        first = scanner.peek()
        if name in last and not lists and first == "[":
            lists.append(name)
            yield from scanner.items()
        elif name in inner and not lists and first == "{":
            yield from _object(scanner, members, lists, way[1:])
        else:
            value = scanner.value()
            if not way:
                _refuse_another(name, value, lists)
            _keep(name, value, members)
        if scanner.peek() != "}":
            scanner.take(",")
    scanner.take("}")


def _refuse_another(name: object, value: object, lists: list[str]) -> None:
    """Raise FeedError for a second list of records."""
    if name in _LISTS and isinstance(value, list) and any(isinstance(item, dict) for item in cast(list[object], value)):
        raise FeedError(
            "answer",
            Said("The feed has two lists of records, {lists} and {name}; one is expected.", lists=lists[0], name=name),
        )


def _keep(name: object, value: Any, members: Members) -> None:  # noqa: ANN401  JSON holds anything
    """Keep a member that is used; raise FeedError for an error message."""
    if value and name == "error":
        raise FeedError("answer", "The feed's address answered with an error message in place of a table.")
    if (plain := _PLAIN.sub("", str(name)).lower()) in _USED:
        members[plain] = value


def check_complete(members: Mapping[str, Any], rows: int) -> None:
    """Raise FeedError (truncated) where the document says that its ``rows`` records are not all.

    A count decides where there is one, since some answers link to a next page that does not exist.
    """
    properties = members.get("properties")
    inner = cast(Members, properties) if isinstance(properties, dict) else {}
    if "true" in {str(part.get(key)).lower() for part in (members, inner) for key in _LIMIT_KEYS}:
        raise _partial(f"{rows:,} rows came, and the answer says that there are more than it may give at once")
    counts = [int(members[key]) for key in _COUNTS & members.keys() if str(members[key]).isdecimal()]
    if counts and max(counts) > rows:
        raise _partial(f"{rows:,} rows came of {max(counts):,}")
    if not counts and _has_next(members):
        raise _partial(f"{rows:,} rows came, and the answer names a next page")


_LIMIT_KEYS = ("exceededTransferLimit", "exceededtransferlimit")


def _has_next(members: Mapping[str, Any]) -> bool:
    """Say whether the document names a next page."""
    if any(members.get(key) not in (None, "", False) for key in _FURTHER):
        return True
    links = members.get("links")
    if isinstance(links, dict):
        return bool(cast(Members, links).get("next"))
    return isinstance(links, list) and any(
        isinstance(link, dict) and cast(Members, link).get("rel") == "next" for link in cast(list[object], links)
    )


def _partial(reason: str) -> FeedError:
    return FeedError(
        "truncated",
        Said(
            "The feed is a part of the table: {reason}. Give the address of the layer itself, or "
            "of an export of all rows.",
            reason=reason,
        ),
    )
