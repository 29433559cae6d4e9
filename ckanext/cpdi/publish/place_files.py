"""Which files of the published places are served: named by a hash of their content, chosen by one small file.

Web processes load this module; what writes the files, :mod:`.places`, needs libraries that are slow to load.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

EXTENSIONS = {"geojson": "application/geo+json", "csv": "text/csv"}
FOLDER = "places"
CURRENT = "current"
"""The small file, with the version and what it was made from; it is replaced at once, so that both files are of one
version."""


@dataclass(frozen=True)
class PlacesFiles:
    """The files of one version of the places; ``version`` is a hash of their content.

    ``source`` says what they were made from: where it is the same, nothing has to be made again.
    """

    folder: Path
    version: str
    source: str

    def path(self, extension: str) -> Path:
        """Return the file in a form of EXTENSIONS."""
        return self.folder / f"{self.version}.{extension}"


def find(folder: Path) -> PlacesFiles | None:
    """Return the files that are served from ``folder``, that of all files; None where there are none yet."""
    home = folder / FOLDER
    try:
        version, source = (home / CURRENT).read_text(encoding="utf-8").split("\n", 1)
    except (FileNotFoundError, ValueError):
        return None
    return PlacesFiles(home, version, source)
