"""How many rows a draft would publish if every class that it proposes were taken, and which column keeps most back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Classes, Text
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.phrases import phrase
from ckanext.cpdi.drafting.values.codes import DraftList
from ckanext.cpdi.drafting.values.flags import DraftFlag
from ckanext.cpdi.rows.verdicts import Rows

_FEW = 0.5
"""Where a smaller share of the rows would be published, the column is named that keeps most of them back."""


@dataclass(frozen=True)
class Outlook:
    """Of ``rows`` about ``published`` would be, by their codes and flags alone; ``kept_back``: by header, the rows that
    its values would withhold.
    """

    rows: int
    published: int
    kept_back: dict[str, int]

    @property
    def words(self) -> Text:
        """The outlook in a sentence or two, for whoever judges the values."""
        taken = phrase(
            "If every proposed class were taken, about {n} of {all} rows would be published",
            "Si se tomaran todas las clases propuestas, se publicarían unas {n} de {all} filas",
            n=self.published,
            all=self.rows,
        )
        if self.published >= _FEW * self.rows or not self.kept_back:
            return phrase(
                "{taken}, by their codes alone: `ckan cpdi profile check` says what else keeps rows back.",
                "{taken}, solo por sus códigos: `ckan cpdi profile check` dice qué más retiene filas.",
                taken=taken,
            )
        header, rows = max(self.kept_back.items(), key=lambda pair: pair[1])
        return phrase(
            "{taken}: the values of {header} alone would withhold about {n}. `withheld` is the safe side, proposed"
            " above all where nothing like a value was judged before: judge these values first.",
            "{taken}: solo los valores de {header} retendrían unas {n}. `withheld` es lo más prudente, y se propone"
            " sobre todo donde antes no se clasificó nada parecido: clasifique primero estos valores.",
            taken=taken,
            header=header,
            n=rows,
        )


def outlook_of(contents: Contents, lists: Iterable[DraftList], flags: Iterable[DraftFlag], classes: Classes) -> Outlook:
    """Return the outlook of a feed, from the sample of its rows."""
    withholding = frozenset(name for name, bit in classes.bits.items() if classes.levels(bit).withheld)
    masks = {drafted.header: _of_list(drafted, contents, withholding) for drafted in lists}
    masks |= {flag.header: _of_flag(flag, contents, withholding) for flag in flags}
    number = contents.sample.height
    kept = np.logical_or.reduce(list(masks.values())) if masks else np.ones(number, dtype=bool)
    scale = contents.rows / max(1, number)
    return Outlook(
        contents.rows,
        round(int((~kept).sum()) * scale),
        {header: round(int(mask.sum()) * scale) for header, mask in masks.items()},
    )


def _of_list(drafted: DraftList, contents: Contents, withholding: frozenset[str]) -> Rows:
    """Return which rows of the sample a code list would withhold; an empty cell withholds none."""
    texts = contents.sample[drafted.header]
    if drafted.is_free_text:
        return np.ones(len(texts), dtype=bool)
    mild = {line.value for line in drafted.lines if line.proposal.privacy not in withholding}
    cells = [str(cell) for cell in texts.drop_nulls().unique()]
    return _are(texts, [cell for cell in cells if not {*_parts(cell, drafted.separator)} <= mild])


def _parts(cell: str, separator: str) -> list[str]:
    parts = cell.split(separator) if separator else [cell]
    return [part.strip() for part in parts if part.strip()]


def _of_flag(flag: DraftFlag, contents: Contents, withholding: frozenset[str]) -> Rows:
    """Return which rows of the sample a flag would withhold, those among them that it has no value for."""
    mild = [value for value, (_, privacy) in flag.values.items() if privacy not in withholding]
    return ~_are(contents.sample[flag.header].fill_null(""), mild)


def _are(texts: pl.Series, values: list[str]) -> Rows:
    return texts.is_in(values).fill_null(value=False).to_numpy()
