"""New rows under a filter as an Atom feed: an entry for each row as it is published, those that came out last first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from feedgen.feed import FeedGenerator

from ckanext.cpdi import addresses
from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.selection.breadth import Fault
from ckanext.cpdi.selection.newest import Newest
from ckanext.cpdi.site.explore.cell import Cells

SHOWN = 100
"""Entries of a feed."""
ATOM = "application/atom+xml"
FAULTS: dict[Fault, Text] = {
    "no area": Text(
        "A feed of new rows needs a team, or an area that is at least as large as one, such as team=Team 1: nobody"
        " should be able to watch one house.",
        "Un canal de filas nuevas necesita un equipo, o un área que sea al menos igual de grande, como team=Team 1:"
        " nadie debe poder vigilar una casa.",
    ),
    "finer": Text(
        "A feed of new rows takes no other condition on places than a team or a declared area, and no words, which find"
        " blocks: nobody should be able to watch one house.",
        "Un canal de filas nuevas no admite otra condición sobre lugares que un equipo o un área declarada, ni"
        " palabras, que encuentran cuadras: nadie debe poder vigilar una casa.",
    ),
    "small": Text(
        "What the filter names is smaller than the smallest team: nobody should be able to watch one house. Ask for a"
        " larger area.",
        "Lo que nombra el filtro es menor que el equipo más pequeño: nadie debe poder vigilar una casa. Pida un área"
        " mayor.",
    ),
}
_TITLE = Text("{title}: new rows", "{title}: filas nuevas")
_UNWRITABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML has."""
_LABEL, _TEAM = "place.label", "place.team"


@dataclass(frozen=True)
class Feed:
    """What a feed is of: a table as the department has it, the parameters that choose rows, the department's name.

    ``cells`` say rows in ``language``.
    """

    dataset: Dataset
    pairs: Sequence[tuple[str, str]]
    author: str
    language: str
    cells: Cells
    published: datetime

    def write(self, rows: Sequence[Newest]) -> bytes:
        """Return the feed of ``rows``, which have all columns of the table in their order."""
        prefix = "" if self.language == "en" else f"/{self.language}"
        question = f"?{urlencode(self.pairs)}"
        own = addresses.url(f"{prefix}/data/{self.dataset.name}.atom") + question
        atom = FeedGenerator()
        atom.id(own)
        chosen = ", ".join(value for name, value in self.pairs if name == "team" or name.startswith("area."))
        title = _TITLE.get(self.language).format(title=self.dataset.title.get(self.language))
        atom.title(_written(f"{title} ({chosen})" if chosen else title))
        atom.author({"name": self.author})
        atom.language(self.language[:2])
        page = addresses.url(f"{prefix}/dataset/{self.dataset.name}/explore") + question
        atom.link(href=page, rel="alternate", type="text/html")
        atom.link(href=own, rel="self", type=ATOM)
        atom.updated(max((row.at for row in rows), default=self.published))
        for row in rows:
            self._add(atom, row)
        return atom.atom_str(pretty=True)

    def _add(self, atom: FeedGenerator, row: Newest) -> None:
        """Add a row, which keeps its id as long as it is published."""
        shown = dict(self._shown(row.values))
        own = addresses.url(f"/ogc/collections/{self.dataset.name}/items/{row.row_id}")
        entry = atom.add_entry(order="append")
        entry.id(own)
        entry.title(self._title(shown))
        entry.link(href=own, rel="alternate", type="text/html")
        fields = {field.name: field.title.get(self.language) for field in self.dataset.rows.fields}
        entry.content("\n".join(f"{fields[name]}: {value}" for name, value in shown.items()), type="text")
        entry.updated(row.at)

    def _title(self, shown: dict[str, str]) -> str:
        """Return what a row is about, where, and when, as far as it shows that."""
        table = self.dataset.rows
        by_source = {field.source: field.name for field in table.fields if field.source}
        what = next((shown[name] for name in (table.category, *table.kind) if name in shown), "")
        where = next((shown[by_source[source]] for source in (_LABEL, _TEAM) if by_source.get(source) in shown), "")
        said = (what or self.dataset.one.get(self.language), where, shown.get(table.time_field.name, ""))
        return ", ".join(filter(None, said))

    def _shown(self, values: Sequence[Any]) -> Iterator[tuple[str, str]]:
        """Yield the columns that a row fills, in words."""
        row = dict(zip((field.name for field in self.dataset.rows.fields), values, strict=True))
        for name, said in self.cells.say(row).items():
            if said:
                yield name, _written(said)


def _written(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)
