"""A reader with columns that are made of its own.

In: a reader and the profile's ``columns``. Out: the same rows, with a column more for each rule. Nothing is refused
here: what a rule cannot read stays as the feed has it, so that the row engine says what is wrong with the row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import polars as pl

from ckanext.cpdi.declare import Made, made_header, spelling
from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.batch import ROWS, Reader, TextBatch
from ckanext.cpdi.feeds.columns import points, texts
from ckanext.cpdi.feeds.errors import FeedError

_RULES: Mapping[str, Callable[[Made, list[pl.Expr]], pl.Expr]] = {
    "join": texts.join,
    "part": texts.part,
    "latitude": points.latitude,
    "longitude": points.longitude,
}


class MakingReader:
    """A reader whose columns are its own and the made ones, which are called after what they are for."""

    def __init__(self, reader: Reader, columns: Mapping[str, Made], nulls: Collection[str]) -> None:
        """Find what the columns are made of; raise FeedError (header) where the feed lacks it."""
        self._reader = reader
        self._rules = {made_header(name): rule for name, rule in columns.items()}
        self._nulls = [*nulls]
        self._sources = {
            made: [_source(reader.headers, name, header) for header in rule.headers]
            for name, rule in columns.items()
            for made in (made_header(name),)
        }
        self.headers = (*reader.headers, *self._rules)

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[TextBatch]:
        """Yield the batches of the reader with the made columns that are wanted."""
        made = [name for name in self._rules if columns is None or name in columns]
        wanted = None
        if columns is not None:
            sources = {header for name in made for header in self._sources[name]}
            wanted = {*(name for name in columns if name not in self._rules), *sources}
        expressions = [self._expression(name).alias(name) for name in made]
        for batch in self._reader.batches(rows, wanted):
            yield TextBatch(batch.frame.with_columns(expressions), batch.rejects)

    def _expression(self, name: str) -> pl.Expr:
        """Return what makes a column; cells that stand for nothing are null in it."""
        cells = [pl.col(header).str.strip_chars() for header in self._sources[name]]
        filled: list[pl.Expr] = [pl.when(~cell.is_in(["", *self._nulls])).then(cell) for cell in cells]
        rule = self._rules[name]
        return _RULES[rule.kind](rule, filled)


def _source(headers: tuple[str, ...], column: str, name: str) -> str:
    """Return the feed's header that is called ``name``."""
    matches = [header for header in headers if spelling(header) == spelling(name)]
    if len(matches) != 1:
        there = Said("twice the column {name}", name=name) if matches else Said("no column {name}", name=name)
        raise FeedError(
            "header",
            Said("The feed has {there}, of which the department's profile makes {column}.", there=there, column=column),
        )
    return matches[0]
