"""A ZIP of data files that is a Data Package: what the files are stands beside them."""

# isal's stubs leave the type of its blocks open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import hashlib
import json
import os
import struct
import zipfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

from isal import isal_zlib

from ckanext.cpdi.publish import packed
from ckanext.cpdi.publish.address import PACKAGE
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.package import File, document, package, readme, resource
from ckanext.cpdi.publish.packed import CHUNK, Packed

_NAME_LENGTH = 26
"""Where an entry's header says how long its name and what follows it are; behind these the content begins."""
LEVEL = 3
"""Level of zlib's compression, where an archive is written again: higher ones take twice the time for a tenth less."""


class Archive:
    """Writes a ZIP to ``path``; at its end adds ``datapackage.json`` and ``README.txt``. Same content, same bytes."""

    def __init__(self, path: Path, extract: Extract, kind: Format) -> None:
        """Begin the archive of ``extract`` in the format ``kind``."""
        self._extract = extract
        self._kind = kind
        self._files: list[tuple[File, bool]] = []
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)

    def __enter__(self) -> Archive:
        """Return the archive."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Add what describes the files, and close; only close after an error."""
        with self._zip:
            if error is None:
                self._describe()

    def add_file(self, path: Path, rows: bool = False) -> None:
        """Add the file ``path`` under its own name; ``rows`` says that it holds the rows, and is no helper."""
        with path.open("rb") as file:
            self.add(path.name, iter(lambda: file.read(CHUNK), b""), path.stat().st_size, rows)

    def add(self, name: str, content: Iterable[bytes], size: int, rows: bool = False) -> None:
        """Add ``content`` as ``name``; ``size`` is how many bytes it has at most, as far as is known."""
        digest, info = hashlib.sha256(), self._info(name)
        info.CRC = 0
        large = size > zipfile.ZIP64_LIMIT // 2
        with self._append(info, large) as target:
            deflate = isal_zlib.compressobj(packed.LEVEL, isal_zlib.DEFLATED, -15)
            for block in content:
                digest.update(block)
                info.CRC = isal_zlib.crc32(block, info.CRC)
                info.file_size += len(block)
                info.compress_size += target.write(deflate.compress(block))
            info.compress_size += target.write(deflate.flush())
        self._files.append((File(name, info.file_size, digest.hexdigest()), rows))

    def add_packed(self, name: str, there: Packed, rows: bool = False) -> None:
        """Add the content of a packed file as ``name``, as it lies."""
        info = self._info(name)
        info.CRC, info.file_size, (start, end) = there.whole_crc, there.size, there.body
        info.compress_size = end - start
        with there.path.open("rb") as file, self._append(info) as target:
            file.seek(start)
            _copy(file, target, end - start)
        self._files.append((File(name, there.size, there.sha256), rows))

    def add_entry(self, name: str, source: Path, inner: str) -> None:
        """Add the rows in ``inner`` of the archive ``source``, which one of these made, as ``name``: its compressed
        bytes as they lie, with size and checksum from the Data Package there.
        """
        with zipfile.ZipFile(source) as packed, source.open("rb") as file:
            there = packed.getinfo(inner)
            (resource,) = (entry for entry in json.loads(packed.read(PACKAGE))["resources"] if entry["path"] == inner)
            info = self._info(name)
            info.CRC, info.file_size, info.compress_size = there.CRC, there.file_size, there.compress_size
            file.seek(there.header_offset + _NAME_LENGTH)
            file.seek(sum(struct.unpack("<2H", file.read(4))), os.SEEK_CUR)
            with self._append(info) as target:
                _copy(file, target, info.compress_size)
        self._files.append((File(name, resource["bytes"], resource["hash"].removeprefix("sha256:")), True))

    @contextmanager
    def _append(self, info: zipfile.ZipInfo, large: bool = False) -> Generator[IO[bytes]]:
        """Give the file to write the compressed bytes of the entry ``info`` to; its sizes and checksum may come then.

        ``large`` says that they may pass 4 GB, where they are not known yet.
        """
        target = self._zip.fp
        assert target is not None  # noqa: S101  for the type checker: it is open
        large = large or max(info.file_size, info.compress_size) > zipfile.ZIP64_LIMIT
        target.seek(self._zip.start_dir)
        info.header_offset = target.tell()
        target.write(info.FileHeader(large))
        yield target
        end = target.tell()
        target.seek(info.header_offset)
        target.write(info.FileHeader(large))
        target.seek(end)
        self._zip.filelist.append(info)
        self._zip.NameToInfo[info.filename] = info
        self._zip.start_dir = target.tell()

    def _info(self, name: str) -> zipfile.ZipInfo:
        """Return an entry; its time is the version's, so that the same version gives the same archive."""
        info = zipfile.ZipInfo(name, self._extract.published_at.timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        return info

    def _describe(self) -> None:
        """Add the Data Package and the text for people."""
        resources = [self._resource(file, rows) for file, rows in self._files]
        descriptor = document(package(self._extract, resources))
        text = readme(self._extract, self._kind, (file.path for file, _ in self._files))
        for name, content in ((PACKAGE, descriptor), ("README.txt", text)):
            self._zip.writestr(self._info(name), content)

    def _resource(self, file: File, rows: bool) -> dict[str, object]:
        """Return the resource of one file in the archive."""
        name = file.path.lower().replace("_", "-")
        if rows:
            inner = Path(file.path).suffix.lstrip(".")
            return resource(self._extract, self._kind, file) | {"name": name, "format": inner}
        return {"name": name, "path": file.path, "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    """Copy ``size`` bytes from where ``source`` stands."""
    while size:
        block = source.read(min(size, CHUNK))
        if not block:
            raise OSError(f"{source.name} ended early")
        target.write(block)
        size -= len(block)
