"""``/sitemap.xml``: every page that everybody may read, with the day of its last change where that is known.

In: the public datasets, and the archives of series. Out: one list, or an index of lists where a list would be too long.
https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import ckan.plugins.toolkit as tk
import psycopg
from flask import Blueprint, Response, request
from msgspec import Struct

from ckanext.cpdi import addresses, config
from ckanext.cpdi.selection.errors import BusyError
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.services.dcat.entries import page_of
from ckanext.cpdi.services.dcat.public import Kept, Public, public
from ckanext.cpdi.services.http.answer import say
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.reports.series import SERIES, open_archive, page_path
from ckanext.cpdi.site.help.article import names

blueprint = Blueprint("cpdi_sitemap", __name__)

MOST = 50_000
"""Addresses that a list may have."""
SECONDS = 60
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_AWAY = "The list of pages cannot be made at the moment. Please ask again in some minutes."


class Page(Struct, frozen=True):
    """A page: its full address, and when it was changed last, if that is known."""

    url: str
    changed: datetime | None = None


_kept: Kept[tuple[Page, ...]] = Kept()


@blueprint.get("/sitemap.xml")
def whole() -> Response:
    """Answer with the list, or with an index of lists."""
    return _answer(_whole)


@blueprint.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """Answer with a list that the index names; they are counted from 1."""
    return _answer(lambda pages: _list(_parts(pages)[number - 1]) if 0 < number <= len(_parts(pages)) else None)


def _answer(write: Callable[[tuple[Page, ...]], str | None]) -> Response:
    """Answer with what ``write`` makes of all pages; 404 where that is nothing."""
    try:
        shown = public()
        mark = f"{shown.mark}-{_versions(shown)}"
        text = write(_kept.get(mark, lambda: tuple(_pages(shown))))
    except (psycopg.Error, BusyError) as error:
        return say(status_of(error), _AWAY)
    if text is None:
        return say(status_of(tk.ObjectNotFound), "There is no such list of pages.")
    response = Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', mimetype="application/xml")
    response.set_etag(mark, weak=True)
    response.make_conditional(request.environ)
    return cache(response, SECONDS)


def _whole(pages: tuple[Page, ...]) -> str:
    parts = _parts(pages)
    if len(parts) == 1:
        return _list(pages)
    lists = [
        _element("sitemap", Page(addresses.url(f"/sitemap-{number}.xml"), _latest(part)))
        for number, part in enumerate(parts, 1)
    ]
    return f'<sitemapindex xmlns="{_SPACE}">\n{"".join(lists)}</sitemapindex>'


def _parts(pages: tuple[Page, ...]) -> list[tuple[Page, ...]]:
    return [pages[start : start + MOST] for start in range(0, len(pages), MOST)]


def _list(pages: Iterable[Page]) -> str:
    return f'<urlset xmlns="{_SPACE}">\n{"".join(_element("url", page) for page in pages)}</urlset>'


def _element(name: str, page: Page) -> str:
    changed = f"<lastmod>{page.changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if page.changed else ""
    return f"<{name}><loc>{escape(page.url)}</loc>{changed}</{name}>\n"


def _latest(pages: Iterable[Page]) -> datetime | None:
    return max((page.changed for page in pages if page.changed), default=None)


def _pages(shown: Public) -> Iterator[Page]:
    """Yield the pages of the portal, of each dataset, and of each report."""
    latest = max((dataset.modified for dataset in shown.datasets), default=None)
    for path in ("/", "/dataset/", "/status"):
        yield Page(addresses.url(path), latest)
    for path in ("/help", *(f"/help/{article}" for article in names()), "/openapi", "/corrections"):
        yield Page(addresses.url(path))
    for dataset in shown.datasets:
        yield Page(page_of(dataset.name), dataset.modified)
    yield from _of_tables(shown)
    yield from _reports(shown)


def _of_tables(shown: Public) -> Iterator[Page]:
    """Yield what changed in each table, and its runs."""
    library = config.library()
    for dataset in shown.datasets:
        for table in library.tables_of(dataset.name):
            yield Page(addresses.url(f"/dataset/{table.name}/changes"))
            yield Page(addresses.url(f"/status/{table.name}"))


def _reports(shown: Public) -> Iterator[Page]:
    """Yield the report of each period."""
    with open_archive() as connection:
        for name in _series(shown):
            for edition in archive.editions(connection, name):
                if edition.present:
                    yield Page(addresses.url(page_path(edition)), edition.published)


def _versions(shown: Public) -> str:
    """Return what changes whenever a series does."""
    with open_archive() as connection:
        return "-".join(str(archive.version(connection, name)) for name in _series(shown))


def _series(shown: Public) -> list[str]:
    """Return the names of the declared series that everybody may read."""
    library = config.library()
    names = (dataset.name for dataset in shown.datasets if dataset.name in library.datasets)
    return [name for name in names if library.datasets[name].type == SERIES]
