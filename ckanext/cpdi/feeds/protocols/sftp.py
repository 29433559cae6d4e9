"""A file on an SFTP server, through fsspec's sshfs, with a verified host key and a checked address."""

# sshfs comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError, Unchanged
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.address import IPAddress, resolve
from ckanext.cpdi.feeds.network.attempts import TransientError, attempt
from ckanext.cpdi.feeds.network.copying import copy_file
from ckanext.cpdi.feeds.network.deadline import Deadline
from ckanext.cpdi.feeds.network.pinned import connect
from ckanext.cpdi.feeds.network.remote import RemoteFile, version_of
from ckanext.cpdi.feeds.network.settings import FetchSettings
from ckanext.cpdi.feeds.protocol import Access, Protocol, read_access, refuse_user

if TYPE_CHECKING:
    from sshfs import SSHFileSystem

_PORT = 22
_LOGIN_SECONDS = 30.0


class SftpAccess(Access, frozen=True, forbid_unknown_fields=True):
    """The user, with a private key's file or a password, and the server's public key.

    ``host_key`` is one line, or several, as in a ``.pub`` file: ``ssh-ed25519 AAAA…``.
    """

    user: str
    host_key: str | list[str]
    key_file: str = ""
    passphrase: str = ""
    password: str = ""

    def options(self) -> dict[str, Any]:
        """Return the options for asyncssh; nothing is taken from the machine's own SSH settings, keys or agent.

        Raises FeedError (refused) where a key cannot be read.
        """
        import asyncssh

        lines = [self.host_key] if isinstance(self.host_key, str) else self.host_key
        try:
            hosts = [asyncssh.import_public_key(line.strip()) for line in lines]
        except (asyncssh.KeyImportError, ValueError):
            hosts = []
        if not hosts:
            raise FeedError("refused", "host_key in the settings is no public key such as ssh-ed25519 AAAA….")
        return {
            "username": self.user,
            "password": self.password or None,
            "client_keys": [self._key()] if self.key_file else None,
            "known_hosts": (hosts, [], []),
            "config": None,
            "agent_path": None,
            "gss_host": None,
            "x509_trusted_certs": None,
        }

    def _key(self) -> object:
        import asyncssh

        try:
            return asyncssh.import_private_key(Path(self.key_file).read_bytes(), self.passphrase or None)
        except (asyncssh.KeyImportError, OSError, ValueError):
            raise FeedError(
                "refused", "key_file in the settings names no private key that can be read, or its passphrase is wrong."
            ) from None


@dataclass(frozen=True)
class _Place:
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, location: str) -> _Place:
        parts = urlsplit(location)
        return cls(parts.hostname or "", parts.port or _PORT, unquote(parts.path))

    def __str__(self) -> str:
        return f"sftp://{self.host}{self.path}"


class Sftp(Protocol):
    """``sftp://host[:port]/path``, with user, key and host key in the settings."""

    name = "sftp"
    example = "sftp://files.example.gov/export/calls.csv"

    def takes(self, location: str) -> bool:
        """Take what begins with ``sftp://``."""
        return location.startswith("sftp://")

    def check(self, location: str) -> None:
        """Refuse what names no host and file."""
        try:
            place = _Place.of(location)
        except ValueError:
            place = _Place("", 0, "")
        if not place.host or place.path.endswith("/") or not place.path or "\0" in place.path:
            raise FeedError(
                "refused", Said("sftp:// is followed by a host and the path of a file: {example}", example=self.example)
            )
        refuse_user(location)

    def fetch(self, location: str, settings: FetchSettings, previous: Version | None) -> Spool:
        """Copy the file, unless its time and size are those of ``previous``."""
        place, options = _Place.of(location), read_access(settings, SftpAccess, location).options()
        with Deadline(settings.deadline_seconds) as deadline:
            addresses = resolve(place.host, place.port, settings.allowed_hosts, deadline)

            def copy_once() -> Spool:
                with _faults(place, deadline), _signed_in(place, addresses, options, deadline) as files:
                    return _copy_changed(RemoteFile(files, place.path), settings, deadline, previous)

            return attempt(copy_once, settings, deadline)


def _copy_changed(file: RemoteFile, settings: FetchSettings, deadline: Deadline, previous: Version | None) -> Spool:
    before = file.state()
    version = version_of(before)
    if previous and version and previous.etag == version:
        raise Unchanged
    return copy_file(file, settings, deadline, before, version)


@contextmanager
def _signed_in(
    place: _Place, addresses: list[IPAddress], options: dict[str, Any], deadline: Deadline
) -> Generator[SSHFileSystem]:
    """Give the server's file system over a connection to one of ``addresses``, and close it."""
    from fsspec.asyn import get_loop
    from sshfs import SSHFileSystem

    logging.getLogger("asyncssh").setLevel(logging.WARNING)  # at INFO it logs user and path
    files = SSHFileSystem(
        place.host,
        port=place.port,
        sock=connect(addresses, place.port, deadline),  # from here on its event loop's, which also closes it
        login_timeout=min(_LOGIN_SECONDS, deadline.remaining()),
        skip_instance_cache=True,
        **options,
    )
    try:
        yield files
    finally:
        get_loop().call_soon_threadsafe(files.client.abort)


@contextmanager
def _faults(place: _Place, deadline: Deadline) -> Generator[None]:
    """Turn the libraries' errors into FeedError, without their texts, which show the user and the server's words."""
    import asyncssh
    from fsspec.asyn import FSTimeoutError

    try:
        yield
    except (FeedError, TransientError, Unchanged):
        raise
    except asyncssh.HostKeyNotVerifiable:
        raise FeedError(
            "refused",
            Said(
                "The server at {host} has another host key than the settings say: it may be another server.",
                host=place.host,
            ),
        ) from None
    except (PermissionError, asyncssh.SFTPPermissionDenied):
        raise FeedError(
            "status",
            Said("{place} refused access. User, key or rights may be wrong, or missing in the settings.", place=place),
        ) from None
    except (FileNotFoundError, asyncssh.SFTPNoSuchPath):
        raise FeedError("missing", Said("There is no file at {place}.", place=place)) from None
    except (OSError, asyncssh.Error, FSTimeoutError, EOFError):
        deadline.remaining()
        raise TransientError(
            FeedError("unreachable", Said("{place} could not be reached, or broke off.", place=place))
        ) from None
