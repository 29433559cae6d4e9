"""The base of protocols (ways to fetch a feed), and how the operator's credentials for them are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct, ValidationError, convert
from msgspec.structs import fields

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.settings import FetchSettings

_PORTS = {"http": 80, "https": 443, "sftp": 22}

T = TypeVar("T", bound=Struct)


class Protocol(ABC):
    """One way to fetch a feed.

    ``name`` is unique among the protocols; ``example`` is a location as staff write it; a location is offered to the
    protocols by ``order``.
    """

    name: ClassVar[str]
    example: ClassVar[str]
    order: ClassVar[int] = 0

    @abstractmethod
    def takes(self, location: str) -> bool:
        """Say whether ``location`` is meant for this protocol."""

    @abstractmethod
    def check(self, location: str) -> None:
        """Raise FeedError (refused), in staff's words, for a location that this protocol cannot fetch."""

    @abstractmethod
    def fetch(self, location: str, settings: FetchSettings, previous: Version | None) -> Spool:
        """Return the feed at ``location``, which was checked; see :func:`ckanext.cpdi.feeds.fetch`."""


class Access(Struct, frozen=True, forbid_unknown_fields=True):
    """A source's entry in the operator's credentials file; each protocol has its own fields."""

    def __repr__(self) -> str:
        """Return the type's name alone, so that logs hold no credentials."""
        return f"{type(self).__name__}(…)"


def origin_of(location: str) -> str:
    """Return the key of a location's credentials: ``https://host``, ``sftp://host:2222``, ``s3://bucket``.

    The protocol's usual port is left out; empty for a location of another form.
    """
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError:
        return ""
    if not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _PORTS.get(parts.scheme) else "")


def read_access(settings: FetchSettings, kind: type[T], location: str) -> T:
    """Return the settings' access for ``location``; raise FeedError, without repeating it, where it does not fit."""
    try:
        return convert(dict(settings.access), kind)
    except ValidationError:
        names = ", ".join(field.name if field.required else f"{field.name} (may be left out)" for field in fields(kind))
        raise FeedError(
            "refused",
            Said(
                "The credentials of {location} in the settings do not fit. They have: {names}.",
                location=origin_of(location),
                names=names,
            ),
        ) from None


def refuse_user(location: str) -> None:
    """Raise FeedError where an address, which others can read, holds a user or password."""
    if "@" in urlsplit(location).netloc:
        raise FeedError(
            "refused",
            "A feed's address holds no user and password, which others could read; they go into the settings.",
        )
