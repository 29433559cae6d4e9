"""Frozen years: a closed year's rows as they stood on the freeze day, to be cited and found again.

``FOLDER/_frozen/DATASET/YEAR.VERSION.zip`` with ``YEAR.json`` beside it, which says what the archive is. Corrections
wait for the next freeze day. A row that leaves the table leaves the archive, whatever the reason, so that nobody can
tell the reasons apart; the archive is another version then, and the one before it is gone.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from ckanext.cpdi import whole_file
from ckanext.cpdi.publish.package import File

ROOT = "_frozen"
MEDIA_TYPE = "application/zip"


class Frozen(Struct, frozen=True):
    """An archive of one year: its version, the day it was frozen, its size, its checksum, how to cite it.

    ``source`` is the version of the year's rows that were frozen, ``checked`` the last one that was looked through for
    rows that left; ``rules`` stands for the rules that the rows were masked by. An archive that lost rows
    ``between_runs`` is given the version of the next run: from night to night they left with it.
    """

    dataset: str
    year: int
    version: str
    frozen: date
    rows: int
    bytes: int
    sha256: str
    citation: str
    source: str
    checked: str
    rules: str
    between_runs: bool = False

    @property
    def file_name(self) -> str:
        """Its name on the shelf."""
        return f"{self.year}.{self.version}.zip"

    @property
    def download_name(self) -> str:
        """The name to save it under."""
        return f"{self.dataset}-{self.year}_frozen_{self.version}.zip"

    @property
    def path(self) -> str:
        """Its address on the site, whatever version there is."""
        return f"/data/{self.dataset}/archive/{self.year}.zip"

    def of(self, made: Path) -> Frozen:
        """Return what is said of the archive ``made``, whose size and checksum are read."""
        file = File.of(made, made.name)
        return msgspec.structs.replace(self, bytes=file.bytes, sha256=file.sha256)


def home(folder: Path, dataset: str) -> Path:
    """Return where the archives of ``dataset`` lie."""
    return folder / ROOT / dataset


def archives(folder: Path, dataset: str) -> list[Frozen]:
    """Return the archives of ``dataset``, the latest year first."""
    archives_of = [msgspec.json.decode(path.read_bytes(), type=Frozen) for path in home(folder, dataset).glob("*.json")]
    return sorted(archives_of, key=lambda archive: archive.year, reverse=True)


def find(folder: Path, dataset: str, year: int) -> Frozen | None:
    """Return the archive of ``year``; None where there is none."""
    try:
        return msgspec.json.decode((home(folder, dataset) / f"{year}.json").read_bytes(), type=Frozen)
    except FileNotFoundError:
        return None


def put(folder: Path, archive: Frozen, made: Path | None = None) -> None:
    """Put an archive on the shelf, or what is said of the one there; what stood there before goes.

    The file comes before what names it, so that whoever reads the name finds the file.
    """
    shelf = home(folder, archive.dataset)
    if made is not None:
        whole_file.put(made, shelf / archive.file_name)
    with whole_file.written(shelf / f"{archive.year}.json", durable=True) as record:
        record.write_bytes(msgspec.json.format(msgspec.json.encode(archive), indent=1))
    for old in shelf.glob(f"{archive.year}.*.zip"):
        if old.name != archive.file_name:
            old.unlink()


def drop(folder: Path, archive: Frozen) -> None:
    """Take an archive away of which no row is left."""
    shelf = home(folder, archive.dataset)
    (shelf / f"{archive.year}.json").unlink(missing_ok=True)
    (shelf / archive.file_name).unlink(missing_ok=True)
