"""Reported errors as an Atom feed: the report first whose state or answer changed last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from feedgen.feed import FeedGenerator

from ckanext.cpdi import addresses
from ckanext.cpdi.declare import Text
from ckanext.cpdi.selection.errata import Erratum
from ckanext.cpdi.site.errata.view import ErratumLine

SHOWN = 50
_TITLE = Text("Reported errors", "Errores comunicados")
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def feed(errata: Iterable[tuple[Erratum, ErratumLine]], self_url: str, author: str, language: str) -> bytes:
    """Return the feed at ``self_url``; an entry's id is the address of the report's page."""
    shown = list(errata)
    atom = FeedGenerator()
    atom.id(self_url)
    atom.title(_TITLE.get(language))
    atom.author({"name": author})
    atom.language(language[:2])
    atom.link(href=addresses.url("/corrections"), rel="alternate", type="text/html")
    atom.link(href=self_url, rel="self", type="application/atom+xml")
    atom.updated(max((erratum.changed for erratum, _ in shown), default=_LONG_AGO))
    for erratum, line in shown:
        own = addresses.url(f"/corrections/{erratum.number}")
        entry = atom.add_entry(order="append")
        entry.id(own)
        entry.title(f"{line.title}: {line.state}")
        entry.link(href=own, rel="alternate", type="text/html")
        said = (line.dataset_title, line.summary, line.answer)
        entry.content("\n\n".join(text for text in said if text), type="text")
        entry.updated(erratum.changed)
        entry.category(term=erratum.state, label=line.state)
    return atom.atom_str(pretty=True)
