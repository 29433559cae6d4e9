"""Cells that hold codes of a list: what each distinct text means, once for a whole batch.

In: a column of texts and the profile's code list. Out: columns of code, text, category, standard type, and what the
codes say of event, source and privacy class. A cell may hold several codes, and may be cut at a length.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from ckanext.cpdi.declare import Classes, Code, Profile
from ckanext.cpdi.declare.departments.cells import Codes
from ckanext.cpdi.rows.values.text import clean

DECISIVE = ("test", "duplicate", "spawned")
"""Reasons that make a row no event of its own, whatever else its cell holds; the first of them is the one named."""

_REMEMBERED = 10_000
"""Most texts whose meaning is kept from one batch to the next."""

SCHEMA = {
    "code": pl.String,
    "text": pl.String,
    "category": pl.String,
    "standard": pl.String,
    "classes": pl.Int16,
    "known": pl.Boolean,
    "counts": pl.Boolean,
    "reason": pl.String,
    "source": pl.String,
}


@dataclass(frozen=True)
class _Part:
    """One code of a cell: what it could be, mildest reading first; several where the cell was cut."""

    text: str
    candidates: tuple[Code, ...]

    @property
    def code(self) -> Code | None:
        """The code, where there is no doubt."""
        return self.candidates[0] if len(self.candidates) == 1 else None


class Book:
    """A code list, ready to look texts up in."""

    def __init__(self, profile: Profile, classes: Classes, codes: Codes) -> None:
        """Take the list that ``codes`` names; its values are cleaned as the feed's are."""
        listed = profile.lists[codes.list].codes
        values = clean(pl.Series([code.value for code in listed], dtype=pl.String)).to_list()
        self._codes = dict(zip(values, listed, strict=True))
        self._sorted = sorted(self._codes)
        self._classes = classes
        self._titles = {name: title.en for name, title in profile.categories.items()}
        self._rule = codes
        self._meaning = lru_cache(_REMEMBERED)(self._row)

    def look_up(self, column: pl.Series) -> pl.DataFrame:
        """Return what each text of ``column`` means (columns of SCHEMA), row by row; all null for an empty cell."""
        distinct = column.drop_nulls().unique().sort()
        meanings = pl.DataFrame([self._meaning(text) for text in distinct.to_list()], schema=SCHEMA, orient="row")
        places = pl.DataFrame({"text": distinct, "place": pl.int_range(len(distinct), eager=True, dtype=pl.UInt32)})
        places_of_rows = column.to_frame("text").join(places, on="text", how="left", maintain_order="left")["place"]
        return meanings.select(pl.all().gather(places_of_rows))

    def _row(self, text: str) -> tuple[object, ...]:
        parts = self._parts(text)
        reason = _reason([part.candidates for part in parts])
        first = parts[0].code
        return (
            _joined((part.code.code for part in parts if part.code), ";"),
            _joined((part.code.text or part.code.value if part.code else part.text for part in parts), "; "),
            self._titles.get(first.category) if first else None,
            first.standard or None if first else None,
            self._classes.union(code.privacy for part in parts for code in part.candidates),
            all(part.candidates for part in parts),
            reason is None,
            reason,
            next((part.code.call_source for part in parts if part.code and part.code.call_source), None),
        )

    def _parts(self, text: str) -> Sequence[_Part]:
        """Return the codes of a cell; a part without candidates is unknown."""
        if text in self._codes:
            return (_Part(text, (self._codes[text],)),)
        # A blank where the feed cut the cell has been trimmed.
        cut = 0 < self._rule.cut_at <= len(text) + 1
        if not self._rule.separator:
            return (_Part(text, self._beginning(text) if cut else ()),)
        pieces = [piece.strip() for piece in text.split(self._rule.separator)]
        last = pieces.pop()
        parts = [_Part(piece, self._exactly(piece)) for piece in pieces if piece]
        # Nothing after the last separator of a cut cell: a code was there, and nobody can say which.
        if last or cut or not parts:
            parts.append(_Part(last, self._beginning(last) if cut and last else self._exactly(last)))
        return parts

    def _exactly(self, text: str) -> tuple[Code, ...]:
        return (self._codes[text],) if text in self._codes else ()

    def _beginning(self, text: str) -> tuple[Code, ...]:
        """Return the codes whose value begins with ``text``; values of several codes are not meant."""
        place = bisect_left(self._sorted, text)
        candidates: list[Code] = []
        while place < len(self._sorted) and self._sorted[place].startswith(text):
            if not self._rule.separator or self._rule.separator not in self._sorted[place]:
                candidates.append(self._codes[self._sorted[place]])
            place += 1
        return tuple(candidates)


def nothing_known(rows: int) -> pl.DataFrame:
    """Return what ``rows`` empty cells mean."""
    return pl.DataFrame({name: pl.repeat(None, rows, dtype=kind, eager=True) for name, kind in SCHEMA.items()})


def _joined(texts: Iterable[str], separator: str) -> str | None:
    return separator.join(dict.fromkeys(text for text in texts if text)) or None


def _reason(parts: Sequence[tuple[Code, ...]]) -> str | None:
    """Return why a cell is no event of its own, None where it is one."""
    certain = [candidates for candidates in parts if candidates and all(code.event == "no" for code in candidates)]
    reasons = [candidates[0].event_reason or "administrative" for candidates in certain]
    for decisive in DECISIVE:
        if decisive in reasons:
            return decisive
    return reasons[0] if reasons and len(certain) == len(parts) else None
