"""What shapes a file beside its rows, as one short text: where it changes, files are built anew."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.site import Site

LIBRARIES = ("polars", "pyarrow", "pyogrio", "pyproj")


def recipe(dataset: Dataset, profile: Profile, site: Site) -> str:
    """Return 12 hexadecimal digits over the declaration, the department, the site and the code of this room.

    Formats of other extensions count with the module that they stand in."""
    said = [dataset, profile.agency, profile.time_zone, {**asdict(site), "terms": site.terms}, _code()]
    if added := formats().code_of_others():
        said.append(added)
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()[:12]


@cache
def _code() -> str:
    """Return a hash over this room's modules and the versions of the libraries that write files."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()
