"""The public addresses of files: ``/data/DATASET.EXT`` for the default view, ``/data/DATASET/YEAR.EXT`` for a year,
``/data/DATASET/all.EXT`` for all rows.

What is told of the rows has its address beside the years': ``/data/DATASET/completeness.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ckanext.cpdi.declare import Dataset

ROOT = "/data/"
SIDECAR = ".datapackage.json"
PACKAGE = "datapackage.json"
COMPLETENESS = "completeness"
ABOUT = (COMPLETENESS,)
"""What files tell of the rows."""
_FORM = re.compile(
    r"(?P<dataset>[a-z0-9_-]+)"
    rf"(?:/(?:(?P<whole>all)|(?P<year>\d{{4}})|(?P<about>{'|'.join(ABOUT)})))?"
    r"\.(?P<extension>[a-z0-9.]+)",
    re.ASCII,
)
_PACKAGE = re.compile(rf"(?P<dataset>[a-z0-9_-]+)/{re.escape(PACKAGE)}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A file of a dataset; ``extension`` is empty for the Data Package of all files, ``sidecar`` for that of one.

    ``about`` is what a file tells that holds no rows. ``whole`` asks for all rows by name; with none of these and no
    ``year`` the dataset's default view is meant.
    """

    dataset: str
    year: int | None = None
    extension: str = ""
    sidecar: bool = False
    about: str = ""
    whole: bool = False

    @property
    def path(self) -> str:
        """The path on the site."""
        if not self.extension:
            return f"{ROOT}{self.dataset}/{PACKAGE}"
        named = "all" if self.whole else self.year
        stem = "/".join(str(part) for part in (self.dataset, named, self.about) if part)
        return f"{ROOT}{stem}.{self.extension}{SIDECAR if self.sidecar else ''}"


def address_of(dataset: Dataset, year: int | None, extension: str, sidecar: bool = False, about: str = "") -> Address:
    """Return where the file of one ``year`` of ``dataset``, of all its rows, or ``about`` them, always lies.

    All rows have the plain address only where that is the default view.
    """
    whole = year is None and not about and dataset.default_view != "all"
    return Address(dataset.name, year, extension, sidecar, about, whole)


def parse(path: str) -> Address | None:
    """Return what the ``path`` below ``/data/`` asks for; None where it has not the form of an address."""
    if match := _PACKAGE.fullmatch(path):
        return Address(match["dataset"])
    plain = path.removesuffix(SIDECAR)
    match = _FORM.fullmatch(plain)
    if match is None:
        return None
    year = int(match["year"]) if match["year"] else None
    about, whole = match["about"] or "", bool(match["whole"])
    return Address(match["dataset"], year, match["extension"], plain != path, about, whole)
