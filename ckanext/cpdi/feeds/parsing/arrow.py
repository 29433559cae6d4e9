"""Arrow's CSV parser over one block of whole records: bytes in, a frame of texts and the rows of a wrong width out."""

# Arrow comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingTypeArgument=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
from pyarrow import csv

from ckanext.cpdi.feeds.errors import FeedError


class WrongRow(NamedTuple):
    """A row of another width than the header: its number (from 1), its cells, and its text."""

    number: int
    width: int
    text: str


def parse(
    data: bytes, names: Sequence[str], delimiter: str, columns: Sequence[str]
) -> tuple[pl.DataFrame, list[WrongRow]]:
    """Return those ``columns`` of all ``names`` as texts, and the rows that were skipped.

    ``data`` are complete records; blank lines are not counted. Raises FeedError (unreadable) where it is no text.
    """
    if not data:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), []
    wrong: list[WrongRow] = []

    def skip(row: Any) -> str:  # noqa: ANN401  Arrow's InvalidRow
        wrong.append(WrongRow(row.number, row.actual_columns, row.text))
        return "skip"

    try:
        table = csv.read_csv(
            pa.py_buffer(data),
            # Only a single thread numbers the rows; for one block that costs no time.
            csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=list(names)),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip),
            csv.ConvertOptions(
                column_types={name: pa.string() for name in columns},
                include_columns=list(columns),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        raise FeedError("unreadable", "The feed has a line that cannot be read as a row of a table.") from None
    frame = pl.from_arrow(table)
    return (frame if isinstance(frame, pl.DataFrame) else frame.to_frame()), wrong
