"""The base of feed formats: each says whether a feed is of its format, and opens it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.errors import Said, of_system
from ckanext.cpdi.feeds.batch import Reader
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.unpack import unpacked
from ckanext.cpdi.feeds.options import Options
from ckanext.cpdi.feeds.parsing.encoding import Survey, survey
from ckanext.cpdi.registry import ORDER

_START = 4096


@dataclass(frozen=True)
class Opening:
    """A feed that is about to be opened: its file, and how the profile says that it is written."""

    spool: Spool
    feed: Feed

    @cached_property
    def start(self) -> bytes:
        """The first 4 KB of the file as it came, to recognise a binary format. Raises FeedError (missing)."""
        try:
            with self.spool.path.open("rb") as file:
                return file.read(_START)
        except OSError as error:
            raise FeedError(
                "missing",
                Said("The file {name} cannot be opened: {strerror}.", name=self.spool.name, strerror=of_system(error)),
            ) from error

    @cached_property
    def survey(self) -> Survey:
        """The result of one pass over the unpacked file, such as its ``head`` in UTF-8.

        Raises FeedError in staff's words: empty, truncated, encoding, archive, too_large, unreadable, missing, changed.
        """
        with unpacked(self.spool) as blocks:
            return survey(blocks, self.feed.encoding)


class FeedFormat(ABC):
    """One format of feeds.

    ``name`` is unique among the formats. A feed is offered to them by ``order``, the formats of text last: JSON (80),
    then CSV (90), which takes any other text.
    """

    name: ClassVar[str]
    options: ClassVar[type[Options]] = Options
    """What a profile may say to this reader alone, under ``options``; the base has no option."""
    order: ClassVar[int] = ORDER

    @abstractmethod
    def takes(self, opening: Opening) -> bool:
        """Say whether the feed is of this format, by its name (``opening.spool.name``) or its first bytes."""

    @abstractmethod
    def open(self, opening: Opening) -> Reader:
        """Return the reader; raise FeedError where the feed cannot be used."""
