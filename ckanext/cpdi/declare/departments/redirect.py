"""Old addresses of a department's files, and the file of the portal that each leads to."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

_PATH = re.compile(r"(?:/[^/?#\\\x00-\x1f\x7f]+)+/?\Z")


class Redirect(Struct, frozen=True, forbid_unknown_fields=True, rename={"path": "from"}):
    """An old ``path`` of the portal's own site, and the file that it leads to, by its parts and never by an address.

    ``year`` is a year, ``all`` for all rows, or left out for the dataset's default view.
    """

    path: str
    dataset: str
    ext: str = "csv"
    year: int | Literal["all"] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a path outside this site or one that browsers rewrite; for a year unlike 2018."""
        if not _PATH.match(self.path) or {".", ".."} & set(self.path.split("/")):
            raise ValueError(f"from: {self.path!r} is no path of this site, such as /datasets/citations-2018.csv")
        if isinstance(self.year, int) and not 1000 <= self.year <= 9999:
            raise ValueError(f"year: {self.year} has not four digits")
