"""Files of a ZIP."""

from __future__ import annotations

import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Container, Iterator
from functools import partial
from pathlib import PurePosixPath

from ckanext.cpdi.feeds.collections.entry import MOST, Entry
from ckanext.cpdi.feeds.errors import FeedError, Unchanged
from ckanext.cpdi.feeds.files.spool import Spool, spooling
from ckanext.cpdi.feeds.files.unpack import check_directory
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.settings import FetchSettings

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, struct.error, EOFError, OSError)


def zip_entries(archive: Spool, settings: FetchSettings) -> Iterator[Entry]:
    """Yield the files of the ZIP in ``archive``, which has to stay while they are fetched; paths in it mean nothing."""
    try:
        with archive.path.open("rb") as file:
            check_directory(file, MOST)
        with zipfile.ZipFile(archive.path) as packed:
            members = [member for member in packed.infolist() if not member.is_dir() and not _is_hidden(member)]
    except _DAMAGED:
        raise _damaged() from None
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/")).name or "file"
        # Bytes of a known ZIP are known.
        address = f"zip:{archive.version.sha256}:{member.header_offset}:{member.filename}"
        yield Entry(name, partial(_fetch, archive, member, settings), address)


def _fetch(
    archive: Spool,
    member: zipfile.ZipInfo,
    settings: FetchSettings,
    previous: Version | None,
    known: Container[str],  # noqa: ARG001  a file has to be unpacked before its checksum is known
) -> Spool | str:
    if previous is not None:
        raise Unchanged
    if member.flag_bits & _ENCRYPTED:
        raise FeedError("archive", "This file of the ZIP is protected by a password.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise FeedError("archive", "The ZIP has a link in place of this file.")
    try:
        with (
            zipfile.ZipFile(archive.path) as packed,
            packed.open(member) as file,
            spooling(settings.spool_dir, settings.max_bytes) as writer,
        ):
            shutil.copyfileobj(file, writer, 1 << 20)
            return writer.spool(PurePosixPath(member.filename).name)
    except _DAMAGED:
        raise _damaged() from None


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    """Return whether an operating system put the file in."""
    parts = PurePosixPath(member.filename).parts
    return any(part == "__MACOSX" or (part.startswith(".") and part.strip(".")) for part in parts)


def _damaged() -> FeedError:
    return FeedError("archive", "The ZIP is damaged or cut off, and cannot be unpacked.")
