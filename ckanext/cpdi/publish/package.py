"""Data Packages: what a file holds, who made it, what it may be used for and what it cannot tell.

In: a part and its files. Out: a descriptor by https://specs.frictionlessdata.io/data-package/ and a text for people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.packed import Packed

Descriptor = dict[str, object]

_TIMES = Text("wall time of", "hora local de")


@dataclass(frozen=True, slots=True)
class File:
    """A file as a Data Package lists it: its path or URL, its size and its SHA-256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str

    @classmethod
    def of(cls, source: Path, path: str, packed: bool = False) -> File:
        """Return the file ``source``, to be listed under ``path``: read for its checksum, unless it lies ``packed``.

        What lies packed is listed by its content, which is what readers get.
        """
        if packed:
            there = Packed.of(source)
            return cls(path, there.size, there.sha256)
        with source.open("rb") as content:
            return cls(path, source.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest())


def document(descriptor: Mapping[str, object]) -> bytes:
    """Return a Data Package as JSON in lines that people can read, by a tenth of the work of Python's own encoder."""
    return msgspec.json.format(msgspec.json.encode(descriptor), indent=1)


def resource(extract: Extract, kind: Format, file: File) -> Descriptor:
    """Return the resource for ``file``, which holds the rows of ``extract``.

    Of a ZIP, size and checksum stand under keys of our own: Frictionless opens one that it reads by its address, counts
    nothing, and calls both wrong.
    """
    own = "cpdi:" if file.path.endswith(".zip") else ""
    described: Descriptor = {
        "profile": "data-resource",
        "name": f"{extract.name}-{kind.extension}",
        "title": f"{extract.title} ({kind.title.en})",
        "path": file.path,
        "format": kind.extension,
        "mediatype": kind.media_type.partition(";")[0],
        "encoding": kind.encoding,
        f"{own}bytes": file.bytes,
        f"{own}hash": f"sha256:{file.sha256}",
        "cpdi:rows": extract.rows,
        "cpdi:version": extract.version,
        **kind.describe(extract.table),
    }
    return {name: value for name, value in described.items() if value != ""}


def package(extract: Extract, resources: Sequence[Descriptor]) -> Descriptor:
    """Return the package of ``resources``, with all that is said of the dataset in every one of them."""
    agency, site = extract.profile.agency, extract.site
    maker = {"title": agency.name.en, "path": agency.url, "email": agency.contact_email}
    known = {name: value for name, value in maker.items() if value}
    return {
        "profile": "data-package",
        "name": extract.name,
        "id": f"{home(extract)}#{extract.name}-{extract.version}",
        "version": extract.version,
        "title": extract.title,
        "description": extract.dataset.description.en,
        "homepage": home(extract),
        "created": extract.published_at.isoformat(timespec="seconds"),
        "keywords": list(extract.dataset.keywords),
        "licenses": [{"name": site.licence.name, "title": site.licence.title, "path": site.licence.path}],
        "sources": [known],
        "contributors": [{**known, "role": "publisher"}],
        "cpdi:agency": {"name": agency.name.en, "city": agency.city, "state": agency.state, "ori": agency.ori},
        "cpdi:citation": citation(extract),
        "cpdi:caveats": [text.en for text in extract.dataset.caveats],
        "cpdi:terms": [text.en for text in site.terms],
        "cpdi:timeZone": extract.zone,
        "cpdi:schemaVersion": extract.dataset.schema_version,
        "resources": list(resources),
    }


def home(extract: Extract) -> str:
    """Return the URL of the dataset's page."""
    return f"{extract.site.url}/dataset/{extract.dataset.name}"


def citation(extract: Extract) -> str:
    """Return how to cite the part."""
    day = extract.published_at.astimezone(extract.profile.zone).date()
    said = (
        f"{extract.profile.agency.name.en} ({day.year}): {extract.title}. Version {extract.version}, {day.isoformat()}."
    )
    return f"{said} {extract.site.title}, {home(extract)}"


def readme(extract: Extract, kind: Format, names: Iterable[str]) -> str:
    """Return the text for people that lies beside the files ``names`` in an archive, in English and Spanish."""
    site, dataset = extract.site, extract.dataset
    spanish = dataset.title.get("es") + (f", {extract.year}" if extract.year else "")
    lines = [
        extract.title,
        spanish,
        "",
        dataset.description.en,
        "",
        dataset.description.get("es"),
        "",
        f"Version / versión: {extract.version} ({extract.rows} {_both(dataset.many)})",
        f"Times / horas: {_both(_TIMES)} {extract.zone}",
        f"Licence / licencia: {site.licence.title}, {site.licence.path}",
        f"Cite as / cite como: {citation(extract)}",
        "",
        *(f"- {text.get(language)}" for language in ("en", "es") for text in (*dataset.caveats, *site.terms)),
        "",
        "Files / archivos:",
        *(f"- {name}" for name in names),
        "",
        "Fields / campos:",
        *(
            f"- {field.name} ({field.shapefile}): {_both(field.description)}"
            for field in kind.shape(extract.table).fields
        ),
        "",
    ]
    return "\r\n".join(lines)


def _both(text: Text) -> str:
    """Return the text in English and Spanish."""
    return f"{text.en} / {text.get('es')}"
