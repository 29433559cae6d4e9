"""From a feed's location to a spool file: the one entry to fetching."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote

from ckanext.cpdi.feeds.arcgis import fetch_layer
from ckanext.cpdi.feeds.errors import FeedError, Unchanged
from ckanext.cpdi.feeds.inflate import GZIP_MAGIC
from ckanext.cpdi.feeds.settings import FetchSettings
from ckanext.cpdi.feeds.spool import DEFAULT_LIMIT, Spool, check_size, digest, read_blocks, spooling
from ckanext.cpdi.feeds.version import Version, etag_of, settled_date
from ckanext.cpdi.feeds.web import Answer, Client, address_of, parse, show

_DROP = "drop:"
_LAYER = re.compile(r"/(?:FeatureServer|MapServer)/\d+(?:/query)?/?\Z", re.IGNORECASE)
_PROVE_THEMSELVES = (GZIP_MAGIC, b"PK\x03\x04", b"{", b"[")
"""Beginnings of formats that have an end of their own: gzip, zip, JSON."""


def fetch(location: str, settings: FetchSettings, known: Version | None = None) -> Spool:
    """Return the feed at ``location`` as a spool, which the caller has to delete (it is a context manager).

    ``location`` is the http(s) URL of a file, that of an ArcGIS layer (``…/FeatureServer/0``, ``…/MapServer/0``), or
    ``drop:NAME`` for a file in the drop folder. ``known`` is what an earlier run fetched from this location.
    Raises Unchanged where the source still has the file ``known``; FeedError where it cannot be had whole and safely.
    """
    if location.startswith(_DROP):
        return _fetch_drop(location.removeprefix(_DROP), settings, known)
    target = parse(location)
    with Client(settings) as client:
        if _LAYER.search(target.path or ""):
            return fetch_layer(client, target, known)
        return client.attempt(lambda: _download(client, location, known))


def local(path: Path, limit: int = DEFAULT_LIMIT, known: Version | None = None) -> Spool:
    """Return a file that the operator names as a spool that is read in place and never deleted.

    Raises Unchanged where it is the file ``known``; FeedError (missing) where it cannot be read, too_large beyond
    ``limit`` bytes.
    """
    try:
        with path.open("rb") as file:
            check_size(os.fstat(file.fileno()).st_size, limit)
            sha256, size = digest(file)
    except OSError as error:
        raise FeedError("missing", f"The file {path.name} cannot be read: {error.strerror}.") from error
    if known and known.sha256 == sha256:
        raise Unchanged
    return Spool(path, Version(path.name, sha256, size), limit)


def _download(client: Client, url: str, known: Version | None) -> Spool:
    """Return the file at ``url``, fetched once."""
    answer = client.get(url, known)
    if answer.status == 304:
        if known and known.agrees(answer.headers):
            raise Unchanged
        list(answer.body)  # it has none, but must be read before the connection is used again
        return _download(client, url, None)
    settings = client.settings
    with spooling(settings.spool_dir, settings.max_bytes) as writer:
        head = b""
        for block in answer.body:
            head = head or block[:4]
            writer.write(block)
        if not (answer.proven or head.lstrip().startswith(_PROVE_THEMSELVES)):
            raise FeedError(
                "truncated",
                f"{show(answer.url)} does not say how long the file is, so it cannot be told whether all of it came.",
            )
        said = etag_of(answer.headers), settled_date(answer.headers)
        return writer.spool(_name(answer), *said, address_of(answer.url))


def _name(answer: Answer) -> str:
    """Return the file's name as the URL gives it."""
    return PurePosixPath(unquote(answer.url.path or "")).name or "feed"


def _fetch_drop(name: str, settings: FetchSettings, known: Version | None) -> Spool:
    """Return a copy of a file of the drop folder, so that nobody can change it while it is read."""
    changed = FeedError("changed", "The file was written to while it was copied. The next run tries again.")
    with _open_drop(name, settings.drop_dir) as file:
        before = os.fstat(file.fileno())
        check_size(before.st_size, settings.max_bytes)
        with spooling(settings.spool_dir, settings.max_bytes) as writer:
            for block in read_blocks(file):
                if writer.size + len(block) > before.st_size:
                    raise changed
                writer.write(block)
            if (writer.size, os.fstat(file.fileno()).st_mtime_ns) != (before.st_size, before.st_mtime_ns):
                raise changed
            spool = writer.spool(PurePosixPath(name).name)
    if known and known.sha256 == spool.version.sha256:
        spool.delete()
        raise Unchanged
    return spool


def _open_drop(name: str, folder: Path | None) -> BinaryIO:
    """Open a regular file below the drop folder; raise FeedError where the name, or a link in it, leads elsewhere."""
    if folder is None:
        raise FeedError("refused", "No drop folder is set, so a feed cannot be taken from it.")
    refused = FeedError("refused", "The feed's location leads out of the drop folder.")
    if "\0" in name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise refused
    root = folder.resolve()
    try:
        handle = os.open(root / name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise FeedError("missing", f"There is no file of this name in the drop folder: {error.strerror}.") from None
    # What was opened is what is judged; a link that changes in between cannot mislead.
    opened = Path(f"/proc/self/fd/{handle}").readlink()
    if opened.is_relative_to(root) and stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise refused
