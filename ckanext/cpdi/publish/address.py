"""The public addresses of files: ``/data/DATASET.EXT`` for all rows, ``/data/DATASET/YEAR.EXT`` for a year's.

What is told of the rows has its address beside the years': ``/data/DATASET/completeness.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ckanext.cpdi.publish.shelf import ABOUT, PACKAGE, SIDECAR

ROOT = "/data/"
_FORM = re.compile(
    rf"(?P<dataset>[a-z0-9_-]+)(?:/(?:all|(?P<year>\d{{4}})|(?P<about>{'|'.join(ABOUT)})))?\.(?P<extension>[a-z0-9.]+)",
    re.ASCII,
)
_PACKAGE = re.compile(rf"(?P<dataset>[a-z0-9_-]+)/{re.escape(PACKAGE)}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A file of a dataset; ``extension`` is empty for the Data Package of all files, ``sidecar`` for that of one.

    ``about`` is what a file tells that holds no rows.
    """

    dataset: str
    year: int | None = None
    extension: str = ""
    sidecar: bool = False
    about: str = ""

    @property
    def path(self) -> str:
        """The path on the site."""
        if not self.extension:
            return f"{ROOT}{self.dataset}/{PACKAGE}"
        stem = "/".join(str(one) for one in (self.dataset, self.year, self.about) if one)
        return f"{ROOT}{stem}.{self.extension}{SIDECAR if self.sidecar else ''}"


def parse(path: str) -> Address | None:
    """Return what the ``path`` below ``/data/`` asks for; None where it has not the form of an address."""
    if found := _PACKAGE.fullmatch(path):
        return Address(found["dataset"])
    plain = path.removesuffix(SIDECAR)
    found = _FORM.fullmatch(plain)
    if found is None:
        return None
    year = int(found["year"]) if found["year"] else None
    return Address(found["dataset"], year, found["extension"], plain != path, found["about"] or "")
