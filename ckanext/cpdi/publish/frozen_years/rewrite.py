"""Takes rows out of a frozen archive, and leaves every other byte of its rows as it is.

In: a ZIP with one CSV whose first column is the row's id, a Data Package and a text. Out: the ZIP without some rows.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import IO

import msgspec

from ckanext.cpdi.publish.archive import LEVEL
from ckanext.cpdi.publish.frozen_years.frozen import Frozen
from ckanext.cpdi.publish.package import document

_PACKAGE = "datapackage.json"
_README = "README.txt"


def ids(path: Path) -> Iterator[int]:
    """Yield the ids of the rows in the archive ``path``."""
    with zipfile.ZipFile(path) as archive, archive.open(_rows_of(archive)) as lines:
        for record in _records(lines):
            yield _id(record)


def without(path: Path, made: Path, old: Frozen, version: str, going: Set[int]) -> Frozen:
    """Write the archive ``old`` at ``path`` to ``made`` without the rows ``going``; return it, in its new version."""
    with (
        zipfile.ZipFile(path) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as after,
    ):
        name = _rows_of(before)
        rows = _Rows(going)
        with before.open(name) as lines:
            _write(after, before.getinfo(name), rows.kept(lines))
        new = msgspec.structs.replace(
            old, version=version, rows=rows.count, citation=old.citation.replace(old.version, version)
        )
        for entry, change in ((_PACKAGE, rows.describe), (_README, _tell)):
            text = change(before.read(entry).decode(), old, new)
            _write(after, before.getinfo(entry), [text.encode()])
    return new.of(made)


class _Rows:
    """The rows that stay, counted and measured as they pass."""

    def __init__(self, going: Set[int]) -> None:
        self._going, self.count, self._bytes, self._digest = going, 0, 0, hashlib.sha256()

    def kept(self, lines: IO[bytes]) -> Iterator[bytes]:
        """Yield the header and the rows that are not going."""
        yield self._passed(next(lines))
        for record in _records(lines, header=False):
            if _id(record) not in self._going:
                self.count += 1
                yield self._passed(record)

    def describe(self, text: str, old: Frozen, new: Frozen) -> str:
        """Return the Data Package with the new version, and what the rows are now."""
        described = json.loads(text.replace(old.version, new.version))
        described["resources"][0] |= {
            "cpdi:rows": self.count,
            "bytes": self._bytes,
            "hash": f"sha256:{self._digest.hexdigest()}",
        }
        return document(described).decode()

    def _passed(self, record: bytes) -> bytes:
        self._bytes += len(record)
        self._digest.update(record)
        return record


def _tell(text: str, old: Frozen, new: Frozen) -> str:
    """Return the text for people with the new version and count."""
    return text.replace(f"{old.version} ({old.rows} ", f"{old.version} ({new.rows} ").replace(old.version, new.version)


def _rows_of(archive: zipfile.ZipFile) -> str:
    """Return the name of the file with the rows."""
    return next(name for name in archive.namelist() if name.endswith(".csv"))


def _records(lines: IO[bytes], *, header: bool = True) -> Iterator[bytes]:
    """Yield a CSV's records, each with its line end: a line break within quotes belongs to its record."""
    if header:
        next(lines)
    record = b""
    for line in lines:
        record += line
        if record.count(b'"') % 2 == 0:
            yield record
            record = b""


def _id(record: bytes) -> int:
    return int(record.partition(b",")[0])


def _write(archive: zipfile.ZipFile, like: zipfile.ZipInfo, content: Iterable[bytes]) -> None:
    """Add an entry that is called, dated and permitted as ``like``."""
    info = zipfile.ZipInfo(like.filename, like.date_time)
    info.compress_type, info.external_attr = like.compress_type, like.external_attr
    with archive.open(info, "w", force_zip64=like.file_size > zipfile.ZIP64_LIMIT // 2) as entry:
        for block in content:
            entry.write(block)
