"""A series of reports as an Atom feed: an entry for each edition, the latest published first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from feedgen.feed import FeedGenerator

from ckanext.cpdi import addresses
from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish.report_files import PDF, address
from ckanext.cpdi.selection.reports.archive import Edition
from ckanext.cpdi.services.reports.series import page_path, period_of
from ckanext.cpdi.site import words
from ckanext.cpdi.site.reports.titles import edition_title

SHOWN = 100
"""Entries of a feed: two years of a weekly series."""
_FIRST = Text("{pages} pages, {size}.", "{pages} páginas, {size}.")
_CORRECTED = Text(
    "A corrected report, which replaces edition {before}. {pages} pages, {size}.",
    "Un informe corregido, que sustituye a la edición {before}. {pages} páginas, {size}.",
)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def feed(title: str, series: str, editions: Iterable[Edition], self_url: str, author: str, language: str) -> bytes:
    """Return the feed of a series at ``self_url``; an entry's id is the address of the edition's own file."""
    latest = sorted(editions, key=lambda edition: edition.published, reverse=True)[:SHOWN]
    atom = FeedGenerator()
    atom.id(self_url)
    atom.title(title)
    atom.author({"name": author})
    atom.language(language[:2])
    atom.link(href=addresses.url(f"/dataset/{series}"), rel="alternate", type="text/html")
    atom.link(href=self_url, rel="self", type="application/atom+xml")
    atom.updated(max((edition.published for edition in latest), default=_LONG_AGO))
    for edition in latest:
        _add(atom, edition, title, language)
    return atom.atom_str(pretty=True)


def _add(atom: FeedGenerator, edition: Edition, series_title: str, language: str) -> None:
    own = addresses.url(address(edition.series, period_of(edition), edition.edition))
    said = _FIRST if edition.edition == 1 else _CORRECTED
    entry = atom.add_entry(order="append")
    entry.id(own)
    entry.title(f"{series_title}: {edition_title(edition, language)}")
    entry.link(href=addresses.url(page_path(edition)), rel="alternate", type="text/html")
    entry.link(href=own, rel="enclosure", type=f"application/{PDF}", length=str(edition.size))
    entry.content(
        said.get(language).format(
            before=edition.edition - 1, pages=edition.pages, size=words.size(edition.size, language)
        ),
        type="text",
    )
    entry.published(edition.published)
    entry.updated(edition.published)
