"""Reads lines whose columns have fixed widths, which the profile names: such a file has no header."""

from itertools import accumulate, chain
from typing import Annotated

import polars as pl
from msgspec import Meta

from ckanext.cpdi.feeds.batch import LINE, ROWS, TextBatch, check_headers, regroup, rejects, select_columns
from ckanext.cpdi.feeds.files.unpack import unpacked
from ckanext.cpdi.feeds.opening import FeedFormat
from ckanext.cpdi.feeds.options import Options, read_options


class Columns(Options):
    widths: Annotated[
        dict[str, Annotated[int, Meta(ge=1)]], Meta(description="column → characters, in the order of the file")
    ]


class FixedWidth(FeedFormat):
    name = "fixed-width"
    options = Columns

    def takes(self, opening):
        return self.name in opening.feed.options

    def open(self, opening):
        return FixedWidthReader(opening, read_options(opening.feed, self.name, Columns).widths)


class FixedWidthReader:
    def __init__(self, opening, widths):
        self._spool, self._survey = opening.spool, opening.survey
        self.headers = check_headers(list(widths))
        ends = accumulate(widths.values())
        self._places = {name: (end - widths[name], widths[name]) for name, end in zip(widths, ends, strict=True)}
        self._width = sum(widths.values())

    def batches(self, rows=ROWS, columns=None):
        yield from regroup(self._parts(select_columns(self.headers, columns)), rows)

    def _parts(self, columns):
        first, rest = 1, b""
        with unpacked(self._spool) as blocks:
            for block in chain(self._survey.utf8(blocks), [b"\n"]):
                *lines, rest = (rest + block).split(b"\n")
                yield self._batch([line.decode().rstrip("\r") for line in lines], first, columns)
                first += len(lines)

    def _batch(self, lines, first, columns):
        texts = pl.DataFrame({"text": lines}, schema={"text": pl.String}).with_row_index(LINE, offset=first)
        texts = texts.filter(pl.col("text") != "")
        fits = texts["text"].str.len_chars() == self._width
        cells = (pl.col("text").str.slice(*self._places[name]).str.strip_chars().alias(name) for name in columns)
        return TextBatch(
            texts.filter(fits).select(*cells, LINE), rejects((line, "row_width") for line in texts.filter(~fits)[LINE])
        )
