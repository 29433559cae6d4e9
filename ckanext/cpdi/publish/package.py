"""Data Packages: what a file holds, who made it, what it may be used for and what it cannot tell.

In: a part and its files. Out: a descriptor by https://specs.frictionlessdata.io/data-package/ and a text for people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.part import Part

Descriptor = dict[str, object]

_TIMES = Text("wall time of", "hora local de")


@dataclass(frozen=True, slots=True)
class File:
    """A file as a Data Package lists it: its path or URL, its size and its SHA-256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str

    @classmethod
    def of(cls, source: Path, path: str) -> File:
        """Return the file ``source``, read for its checksum, to be listed under ``path``."""
        with source.open("rb") as content:
            return cls(path, source.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest())


def resource(part: Part, kind: Format, file: File) -> Descriptor:
    """Return the resource for ``file``, which holds the rows of ``part``.

    Of a ZIP, size and checksum stand under keys of our own: Frictionless opens one that it reads by its address, counts
    nothing, and calls both wrong.
    """
    own = "cpdi:" if file.path.endswith(".zip") else ""
    described: Descriptor = {
        "profile": "data-resource",
        "name": f"{part.name}-{kind.extension}",
        "title": f"{part.title} ({kind.title.en})",
        "path": file.path,
        "format": kind.extension,
        "mediatype": kind.media_type.partition(";")[0],
        "encoding": kind.encoding,
        f"{own}bytes": file.bytes,
        f"{own}hash": f"sha256:{file.sha256}",
        "cpdi:rows": part.rows,
        "cpdi:version": part.version,
        **kind.describe(part.table),
    }
    return {name: value for name, value in described.items() if value != ""}


def package(part: Part, resources: Sequence[Descriptor]) -> Descriptor:
    """Return the package of ``resources``, with all that is said of the dataset in every one of them."""
    agency, site = part.profile.agency, part.site
    maker = {"title": agency.name.en, "path": agency.url, "email": agency.contact_email}
    known = {name: value for name, value in maker.items() if value}
    return {
        "profile": "data-package",
        "name": part.name,
        "id": f"{home(part)}#{part.name}-{part.version}",
        "version": part.version,
        "title": part.title,
        "description": part.dataset.description.en,
        "homepage": home(part),
        "created": part.published_at.isoformat(timespec="seconds"),
        "keywords": list(part.dataset.keywords),
        "licenses": [{"name": site.licence.name, "title": site.licence.title, "path": site.licence.path}],
        "sources": [known],
        "contributors": [{**known, "role": "publisher"}],
        "cpdi:agency": {"name": agency.name.en, "city": agency.city, "state": agency.state, "ori": agency.ori},
        "cpdi:citation": citation(part),
        "cpdi:caveats": [text.en for text in part.dataset.caveats],
        "cpdi:terms": [text.en for text in site.terms],
        "cpdi:timeZone": part.zone,
        "cpdi:schemaVersion": part.dataset.schema_version,
        "resources": list(resources),
    }


def home(part: Part) -> str:
    """Return the URL of the dataset's page."""
    return f"{part.site.url}/dataset/{part.dataset.name}"


def citation(part: Part) -> str:
    """Return how to cite the part."""
    day = part.published_at.astimezone(part.profile.zone).date()
    said = f"{part.profile.agency.name.en} ({day.year}): {part.title}. Version {part.version}, {day.isoformat()}."
    return f"{said} {part.site.title}, {home(part)}"


def readme(part: Part, kind: Format, names: Iterable[str]) -> str:
    """Return the text for people that lies beside the files ``names`` in an archive, in English and Spanish."""
    site, dataset = part.site, part.dataset
    spanish = dataset.title.get("es") + (f", {part.year}" if part.year else "")
    lines = [
        part.title,
        spanish,
        "",
        dataset.description.en,
        "",
        dataset.description.get("es"),
        "",
        f"Version / versión: {part.version} ({part.rows} {_both(dataset.many)})",
        f"Times / horas: {_both(_TIMES)} {part.zone}",
        f"Licence / licencia: {site.licence.title}, {site.licence.path}",
        f"Cite as / cite como: {citation(part)}",
        "",
        *(f"- {text.get(language)}" for language in ("en", "es") for text in (*dataset.caveats, *site.terms)),
        "",
        "Files / archivos:",
        *(f"- {name}" for name in names),
        "",
        "Fields / campos:",
        *(f"- {one.name} ({one.shapefile}): {_both(one.description)}" for one in kind.shape(part.table).fields),
        "",
    ]
    return "\r\n".join(lines)


def _both(text: Text) -> str:
    """Return the text in English and Spanish."""
    return f"{text.en} / {text.get('es')}"
