"""What every way to a feed has to be able to do, and how the operator's credentials for it are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct, ValidationError, convert
from msgspec.structs import fields

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.settings import FetchSettings

_PORTS = {"http": 80, "https": 443, "sftp": 22}

T = TypeVar("T", bound=Struct)


class Protocol(ABC):
    """One way to a feed.

    ``name`` is its own among the protocols; ``example`` is a location as staff write it; ``order`` is when a location
    is offered to it.
    """

    name: ClassVar[str]
    example: ClassVar[str]
    order: ClassVar[int] = 0

    @abstractmethod
    def takes(self, location: str) -> bool:
        """Say whether ``location`` is meant for this protocol."""

    @abstractmethod
    def check(self, location: str) -> None:
        """Raise FeedError (refused), in staff's words, for a location that cannot be one of this protocol's."""

    @abstractmethod
    def fetch(self, location: str, settings: FetchSettings, known: Version | None) -> Spool:
        """Return the feed at ``location``, which was checked; see :func:`ckanext.cpdi.feeds.fetch`."""


class Access(Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator's credentials file may say of a source; a protocol has its own fields."""

    def __repr__(self) -> str:
        """Show nothing of it."""
        return f"{type(self).__name__}(…)"


def origin_of(location: str) -> str:
    """Return the part of a location that credentials are kept by: ``https://host``, ``sftp://host:2222``, ``s3://bucket``.

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
    """Return what the settings say of ``location``; raise FeedError, repeating nothing of it, where it does not fit."""
    try:
        return convert(dict(settings.access), kind)
    except ValidationError:
        names = ", ".join(one.name if one.required else f"{one.name} (may be left out)" for one in fields(kind))
        raise FeedError(
            "refused", f"The credentials of {origin_of(location)} in the settings do not fit. They have: {names}."
        ) from None


def refuse_user(location: str) -> None:
    """Raise FeedError where a user or password stands in an address, which others can read."""
    if "@" in urlsplit(location).netloc:
        raise FeedError(
            "refused",
            "A feed's address holds no user and password, which others could read; they go into the settings.",
        )
