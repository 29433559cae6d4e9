"""CKAN's package as an entry: texts that staff may have written are taken as they are where a catalogue can hold them.

In: a package as ``package_show`` gives it. Out: an :class:`~ckanext.cpdi.services.dcat.entry.Entry`.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from ckanext.cpdi import addresses, config
from ckanext.cpdi.config.errors import SettingError
from ckanext.cpdi.declare import Dataset, tailored
from ckanext.cpdi.services.dcat import tables
from ckanext.cpdi.services.dcat.entry import Box, Contact, Entry, File, Licence, Publisher, Variable

Package = Mapping[str, Any]
SERIES = "report-series"
_PERIODS = {"daily": "P1D", "weekly": "P1W", "monthly": "P1M", "quarterly": "P3M", "yearly": "P1Y"}
_MAIL = re.compile(r"[\w.!$&'()*+,;=:~-]+@[\w.-]+\.[\w-]+", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WEB = re.compile(r"https?://[^/?#\s]+(?:[/?#]|$)")
_SAFE = "%/:?#[]@!$&'()*+,;=~"
"""Characters that an address may have beside letters, digits and ``_.-``."""


def entry(package: Package, reports: tuple[File, ...] = ()) -> Entry:
    """Return the entry of ``package``; ``reports`` are files that are not among its resources."""
    agency = config.profile().agency
    own = tables.published(package)
    files = tuple(sorted((*_files(package), *reports), key=lambda file: file.last or date.min, reverse=True))
    first, last = _days(package, files)
    return Entry(
        name=package["name"],
        page=page_of(package["name"]),
        title=str(package.get("title") or package["name"]),
        description=str(package.get("notes") or package.get("title") or package["name"]),
        publisher=Publisher(str((package.get("organization") or {}).get("title") or agency.name.en), agency.url),
        contact=_contact(package),
        licence=_licence(package),
        rights=agency.terms.en,
        issued=_instant(package.get("issued") or package.get("metadata_created") or package["metadata_modified"]),
        modified=_instant(package["metadata_modified"]),
        keywords=tuple(sorted(tag["name"] for tag in package.get("tags") or ())),
        languages=tuple(package.get("language") or ()),
        series=package.get("type") == SERIES,
        period=_PERIODS.get(str(package.get("frequency")), ""),
        first=first,
        last=last,
        box=_box(package.get("spatial")),
        place=str(package.get("spatial_text") or ""),
        dictionary=tables.data_dictionary(own),
        standards=tuple(_addresses(package.get("conforms_to"))),
        documents=tuple(_addresses(package.get("documentation"))),
        files=(*files, *tables.other_files(own)),
        services=tuple(tables.services(package, own)),
        variables=_variables(own[0]) if own else (),
    )


def page_of(name: str) -> str:
    """Return the address of the page of the dataset ``name``, which never changes; it stands for the dataset."""
    return addresses.url(f"/dataset/{name}")


def _files(package: Package) -> Iterator[File]:
    """Yield the files of ``package``; those of a table only once it has rows, since there are none before."""
    filled = any(resource.get("datastore_active") for resource in package["resources"])
    for resource in package["resources"]:
        part = tables.part_of(resource)
        url = _address(resource.get("url"))
        if url and not tables.is_service(part) and (filled or part is None):
            yield _file(resource, url, tables.dictionary_of(part))


def _file(resource: Mapping[str, Any], url: str, dictionary: str) -> File:
    size = str(resource.get("size") or "")
    form = str(resource.get("format") or "")
    return File(
        title=str(resource.get("name") or form or url),
        url=url,
        media_type=_media_type(resource, url),
        format=form,
        description=str(resource.get("description") or ""),
        size=int(size) if size.isdecimal() else 0,
        sha256=hashed if _SHA256.fullmatch(hashed := str(resource.get("hash") or "")) else "",
        language=str(resource.get("language") or ""),
        dictionary=dictionary,
        identifier=resource["id"],
        issued=str(resource.get("issued") or "")[:10],
        modified=_instant(changed) if (changed := resource.get("last_modified") or resource.get("created")) else None,
        first=_day(resource.get("period_start")),
        last=_day(resource.get("period_end")),
    )


def _media_type(resource: Mapping[str, Any], url: str) -> str:
    """Return the media type of a resource, by its format or its name where CKAN knows none."""
    written = str(resource.get("mimetype") or "").partition(";")[0].strip()
    guessed, _ = mimetypes.guess_type(f"file.{resource.get('format')}".lower())
    return written or guessed or mimetypes.guess_type(url)[0] or "application/octet-stream"


def _days(package: Package, files: tuple[File, ...]) -> tuple[date | None, date | None]:
    """Return the first and the last day that ``package`` covers: as it says, else those of its reports."""
    first, last = _day(package.get("temporal_start")), _day(package.get("temporal_end"))
    firsts = [day for file in files if (day := file.first or file.last)]
    lasts = [day for file in files if (day := file.last or file.first)]
    return first or min(firsts, default=None), last or max(lasts, default=None)


def _contact(package: Package) -> Contact:
    """Return whom to ask of ``package``: as it says, else as the department's profile does."""
    agency = config.profile().agency
    name = package.get("contact_name") or package.get("maintainer") or agency.contact_name.en or agency.name.en
    email = str(package.get("contact_email") or package.get("maintainer_email") or agency.contact_email or "")
    return Contact(str(name), email if _MAIL.fullmatch(email) else "")


def _licence(package: Package) -> Licence:
    """Return the licence of ``package``, which may be none of CKAN's list."""
    try:
        chosen = config.site(str(package.get("license_id") or "")).licence
    except SettingError:
        return Licence(
            str(package.get("license_title") or package.get("license_id")), _address(package.get("license_url"))
        )
    return Licence(chosen.title, _address(chosen.path))


def _variables(table: Dataset) -> tuple[Variable, ...]:
    own = tailored(table, config.profile().feed(table.name))
    return tuple(Variable(field.name, field.title.en, field.description.en) for field in own.rows.fields)


def _box(geometry: object) -> Box | None:
    """Return the box around a GeoJSON geometry; None where there is none that can be read."""
    try:
        pairs = list(_pairs(json.loads(str(geometry))["coordinates"]))
    except (ValueError, KeyError, TypeError):
        return None
    if not pairs:
        return None
    longitudes, latitudes = zip(*pairs, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _pairs(coordinates: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401  nested lists of JSON
    if coordinates and isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _pairs(part)


def _addresses(values: object) -> Iterator[str]:
    """Yield the web addresses among ``values``, a text or a list of such."""
    texts = values if isinstance(values, list) else str(values or "").split()
    yield from filter(None, map(_address, texts))


def _address(value: object) -> str:
    """Return a web address with its odd characters escaped; empty for what is none."""
    text = str(value or "").strip()
    return quote(text, safe=_SAFE) if _WEB.match(text) else ""


def _instant(text: str) -> datetime:
    """Return an instant that CKAN writes in UTC without saying so."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
