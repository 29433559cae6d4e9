"""Options of readers: what a profile says to one reader beside the keys that all feeds have.

In: ``options`` of a profile's feed, a mapping of readers to their options. Out: the reader's own struct, or a
DeclarationError in words for who writes the profile.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.declare.reading.read import convert


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a reader: the base has none.

    A field is an option: its name, its type, and its default where it may be left out. Its words for people are
    ``Annotated[int, Meta(description="…")]``. What a value may be is checked in ``__post_init__``, by ValueError.
    """


T = TypeVar("T", bound=Options)


def read_options(feed: Feed, reader: str, into: type[T]) -> T:
    """Return what ``feed`` says to ``reader``, with defaults for the rest.

    Raises DeclarationError where a value does not fit, or an option without a default is missing.
    """
    return convert(feed.options.get(reader, {}), into, Path("the profile"), ("options", reader))
