"""Where the files lie: ``FOLDER/DATASET/all.VERSION.RECIPE.EXT``, ``…/YEAR.VERSION.RECIPE.EXT``, each with a sidecar.

Those of some formats lie packed, with ``.gz`` at the end of the name (:mod:`ckanext.cpdi.publish.packed`).
A file that tells of the rows and holds none has the name of what it tells: ``…/completeness.VERSION.RECIPE.csv``.

A name says all there is to know of a file, so nothing but the folder itself need be asked.
"""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ckanext.cpdi.publish.address import ABOUT, SIDECAR
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.packed import CHUNK, SUFFIX, DamagedError, Packed

LOCK = ".lock"
_NAME = re.compile(
    rf"(?P<part>all|\d{{4}}|{'|'.join(ABOUT)})\.(?P<version>[\w-]+)\.(?P<recipe>[0-9a-f]{{12}})\.(?P<extension>[a-z0-9.]+)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file that can be downloaded. ``recipe`` stands for all beside the rows that shapes it: declarations, code."""

    path: Path
    dataset: str
    year: int | None
    extension: str
    version: str
    recipe: str
    size: int
    """Bytes of the content, which is what readers get; not what the file takes where it lies packed."""
    last_modified: datetime
    about: str = ""
    """What it tells of the rows; empty for a file of rows."""

    @property
    def etag(self) -> str:
        """What changes whenever a byte of the file does; without the quotes that HTTP puts around it.

        The year is part of it: at the turn of the year another file answers at the same address, in the same version.
        """
        return f"{self.about or self.year or 'all'}-{self.version}-{self.recipe}-{self.extension}"

    @property
    def is_packed(self) -> bool:
        """Whether the file lies packed."""
        return self.path.name.endswith(f".{self.extension}{SUFFIX}")

    def blocks(self) -> Iterator[bytes]:
        """Yield the content piece by piece."""
        if self.is_packed:
            yield from Packed.of(self.path).blocks()
            return
        with self.path.open("rb") as file:
            while block := file.read(CHUNK):
                yield block

    @property
    def media_type(self) -> str:
        """The media type."""
        return formats()[self.extension].media_type

    @property
    def download_name(self) -> str:
        """The name to save it under, which carries the version."""
        part = "".join(f"-{part}" for part in (self.year, self.about) if part)
        return f"{self.dataset}{part}_{self.version}.{self.extension}"

    @property
    def sidecar(self) -> Path:
        """The Data Package that describes the file."""
        return sidecar(self.path)


def file_name(part: int | str | None, version: str, recipe: str, kind: Format) -> str:
    """Return the name on the shelf of a file in the format ``kind``: of all rows (None), of a year, or about them."""
    return f"{'all' if part is None else part}.{version}.{recipe}.{kind.extension}{SUFFIX if kind.packed else ''}"


def sidecar(path: Path) -> Path:
    """Return where the Data Package of the file ``path`` lies."""
    return path.with_name(path.name + SIDECAR)


def is_whole(path: Path) -> bool:
    """Return whether the file ``path`` is there with its sidecar, and as long as that says.

    A file that a machine lost power over, or that somebody cut, is as good as none.
    """
    try:
        described = json.loads(sidecar(path).read_bytes())["resources"][0]
        stated = described.get("bytes") or described["cpdi:bytes"]
        size = Packed.of(path).size if path.name.endswith(SUFFIX) else path.stat().st_size
        return size == stated > 0
    except (OSError, ValueError, LookupError, TypeError):
        return False


def files(folder: Path, dataset: str) -> list[Snapshot]:
    """Return the newest file of each part and format of ``dataset``: of the whole, then of each year from the last."""
    newest = {
        (snapshot.year, snapshot.extension): snapshot
        for snapshot in _oldest_first(folder, dataset)
        if not snapshot.about
    }
    order = list(formats())
    return sorted(newest.values(), key=lambda snapshot: (-(snapshot.year or 10_000), order.index(snapshot.extension)))


def find(folder: Path, dataset: str, extension: str, year: int | None = None) -> Snapshot | None:
    """Return the file of ``dataset``, of one ``year`` of it or of all; None where there is none."""
    return next(
        (snapshot for snapshot in files(folder, dataset) if (snapshot.extension, snapshot.year) == (extension, year)),
        None,
    )


def find_about(folder: Path, dataset: str, about: str) -> Snapshot | None:
    """Return the newest file that tells ``about`` the rows of ``dataset``; None where there is none."""
    return next((snapshot for snapshot in reversed(_oldest_first(folder, dataset)) if snapshot.about == about), None)


def years(folder: Path, dataset: str) -> list[int]:
    """Return the years that have files, latest first."""
    return sorted({snapshot.year for snapshot in files(folder, dataset) if snapshot.year is not None}, reverse=True)


def every(folder: Path, dataset: str) -> list[Snapshot]:
    """Return all files of ``dataset``, those of older versions included."""
    shelf = folder / dataset
    paths = shelf.iterdir() if shelf.is_dir() else ()
    return [snapshot for path in paths if (snapshot := _snapshot(path, dataset))]


def _oldest_first(folder: Path, dataset: str) -> list[Snapshot]:
    return sorted(every(folder, dataset), key=lambda snapshot: (snapshot.last_modified, snapshot.path.name))


def clear(folder: Path, dataset: str) -> None:
    """Remove every file of ``dataset``, for a purge; the next build makes them anew.

    Waits for a build under way, which would put back what is to go.
    """
    home = folder / dataset
    if home.is_dir():
        with locked(home):
            empty(home, {LOCK})


def empty(home: Path, keep: set[str]) -> None:
    """Remove the files in ``home`` but those named in ``keep``; whoever is reading one reads on.

    Twice, since a plain copy of a file (:mod:`ckanext.cpdi.publish.unpacked`) may have come before the file went.
    """
    for _ in range(2):
        for path in home.iterdir():
            if path.is_file() and path.name not in keep:
                path.unlink(missing_ok=True)


@contextmanager
def locked(home: Path, name: str = LOCK) -> Generator[None]:
    """Let one process at a time change what lies in ``home``; the system frees the lock of one that dies."""
    with (home / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _snapshot(path: Path, dataset: str) -> Snapshot | None:
    """Return what the name of ``path`` says; None for another kind of file, an empty or damaged one, one that went."""
    named = _NAME.fullmatch(path.name)
    if not named:
        return None
    extension = named["extension"]
    if extension not in formats():
        extension = extension.removesuffix(SUFFIX)
    if extension not in formats():
        return None
    try:
        facts = path.stat()
        size = facts.st_size if extension == named["extension"] else Packed.of(path).size
    except (FileNotFoundError, DamagedError):
        return None
    if not size:
        return None
    return Snapshot(
        path=path,
        dataset=dataset,
        year=int(named["part"]) if named["part"].isdigit() else None,
        extension=extension,
        version=named["version"],
        recipe=named["recipe"],
        size=size,
        last_modified=datetime.fromtimestamp(facts.st_mtime, UTC),
        about=named["part"] if named["part"] in ABOUT else "",
    )
