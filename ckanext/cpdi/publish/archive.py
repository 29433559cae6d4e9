"""A ZIP of data files that is a Data Package: what the files are stands beside them."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from ckanext.cpdi.publish.address import PACKAGE
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.package import File, package, readme, resource

CHUNK = 1 << 20
_NAME_LENGTH = 26
"""Where an entry's header says how long its name and what follows it are; behind these the content begins."""
LEVEL = 3
"""Level of compression: higher ones take twice the time for a tenth less."""


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
        digest, written = hashlib.sha256(), 0
        with self._entry(name, size) as entry:
            for block in content:
                digest.update(block)
                written += entry.write(block)
        self._files.append((File(name, written, digest.hexdigest()), rows))

    def add_packed(self, name: str, source: Path, inner: str) -> None:
        """Add the rows in ``inner`` of the archive ``source``, which one of these made, as ``name``: its compressed
        bytes as they lie, with size and checksum from the Data Package there.
        """
        with zipfile.ZipFile(source) as packed, source.open("rb") as file:
            there = packed.getinfo(inner)
            (told,) = (one for one in json.loads(packed.read(PACKAGE))["resources"] if one["path"] == inner)
            info = self._info(name)
            info.CRC, info.file_size, info.compress_size = there.CRC, there.file_size, there.compress_size
            file.seek(there.header_offset + _NAME_LENGTH)
            file.seek(sum(struct.unpack("<2H", file.read(4))), os.SEEK_CUR)
            self._append(info, file)
        self._files.append((File(name, told["bytes"], told["hash"].removeprefix("sha256:")), True))

    def _append(self, info: zipfile.ZipInfo, file: IO[bytes]) -> None:
        """Write the entry ``info`` with its compressed bytes, which ``file`` stands before."""
        target = self._zip.fp
        assert target is not None  # noqa: S101  for the type checker: it is open
        target.seek(self._zip.start_dir)
        info.header_offset = target.tell()
        target.write(info.FileHeader())
        rest = info.compress_size
        while rest:
            block = file.read(min(rest, CHUNK))
            if not block:
                raise OSError(f"{file.name} ended early")
            target.write(block)
            rest -= len(block)
        self._zip.filelist.append(info)
        self._zip.NameToInfo[info.filename] = info
        self._zip.start_dir = target.tell()

    def _info(self, name: str) -> zipfile.ZipInfo:
        """Return an entry; its time is the version's, so that the same version gives the same archive."""
        info = zipfile.ZipInfo(name, self._extract.published_at.timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        return info

    def _entry(self, name: str, size: int) -> IO[bytes]:
        """Open an entry to be written."""
        return self._zip.open(self._info(name), "w", force_zip64=size > zipfile.ZIP64_LIMIT // 2)

    def _describe(self) -> None:
        """Add the Data Package and the text for people."""
        resources = [self._resource(file, rows) for file, rows in self._files]
        descriptor = json.dumps(package(self._extract, resources), ensure_ascii=False, indent=1)
        text = readme(self._extract, self._kind, (file.path for file, _ in self._files))
        for name, content in ((PACKAGE, descriptor), ("README.txt", text)):
            with self._entry(name, 0) as entry:
                entry.write(content.encode())

    def _resource(self, file: File, rows: bool) -> dict[str, object]:
        """Return the resource of one file in the archive."""
        name = file.path.lower().replace("_", "-")
        if rows:
            inner = Path(file.path).suffix.lstrip(".")
            return resource(self._extract, self._kind, file) | {"name": name, "format": inner}
        return {"name": name, "path": file.path, "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
