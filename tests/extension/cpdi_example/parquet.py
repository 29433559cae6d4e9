"""Reads Parquet: each column becomes text, as all columns of feeds are."""

import polars as pl

from ckanext.cpdi.feeds.batch import LINE, ROWS, TextBatch, check_headers, rejects, select_columns
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.opening import FeedFormat


class Parquet(FeedFormat):
    name = "parquet"

    def takes(self, opening):
        return opening.start.startswith(b"PAR1")

    def open(self, opening):
        return ParquetReader(opening.spool)


class ParquetReader:
    def __init__(self, spool):
        try:
            self._rows = pl.scan_parquet(spool.path)
            self._names = self._rows.collect_schema().names()
        except pl.exceptions.PolarsError:
            raise FeedError("truncated", "The Parquet file is damaged, or a part of it is missing.") from None
        self.headers = check_headers(self._names)

    def batches(self, rows=ROWS, columns=None):
        names = dict(zip(self._names, self.headers, strict=True))
        numbered = self._rows.rename(names).select(pl.col(select_columns(self.headers, columns)).cast(pl.String))
        numbered = numbered.with_row_index(LINE, offset=1)
        height = self._rows.select(pl.len()).collect().item()
        for start in range(0, height, rows):
            yield TextBatch(numbered.slice(start, rows).collect(), rejects())
