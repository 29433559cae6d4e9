"""Columns that are proposed for what a dataset requires by what stands in them, where no header has a name for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ckanext.cpdi.declare import Input, Table
from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.layout.headers import Match, Matches

_TIME_NAMES = re.compile(
    r"(?i)(^|[^a-z])(date|day|rpt|report(ed)?|rec(eive)?d|rcvd|open(ed)?|occ(urred)?|creat(ed|ion)|call|start(ed)?|begin)"
)
_LATER_NAMES = re.compile(r"(?i)clos|clear|clr|end|finish|arriv|dispatch|disp|route|modif|updat|print|export|birth|dob")
_KIND_NAMES = re.compile(r"(?i)type|typ([^a-z]|$)|kind|nature|problem|descr?|code|categor|offen[cs]e|reason|class")
_TIMELY, _TEXTUAL = 0.5, 0.5
_FEWEST_KINDS = 2


def with_substitutes(table: Table, columns: Mapping[str, Column], matches: Matches) -> Matches:
    """Return the matches with proposals for the time and for the codes that the table requires and no name fills."""
    pairs = dict(matches.columns)
    for wanted in table.read:
        if not wanted.required or wanted.name in pairs:
            continue
        needed = {column.name for column in table.read if column.required}
        taken = {pair.header for name, pair in pairs.items() if pair.certain or name in needed}
        free = [column for header, column in columns.items() if header not in taken and not column.personal]
        if pair := _substitute(wanted, table, free):
            pairs = {name: other for name, other in pairs.items() if other.header != pair.header}
            pairs[wanted.name] = pair
    return Matches(pairs, matches.refused)


def _substitute(wanted: Input, table: Table, free: Iterable[Column]) -> Match | None:
    """Return the likeliest column for an input, None where what stands in none of them can be it."""
    if wanted.type == "datetime" and wanted.name == table.time:
        dates = [column for column in free if column.timely >= _TIMELY]
        best = max(dates, key=_rank_of_time, default=None)
        why = f"{best.timely:.0%} are times, {best.filled:.0%} are filled" if best else ""
    elif wanted.type in ("code", "codes"):
        best = max((column for column in free if _may_be_codes(column)), key=_rank_of_codes, default=None)
        why = f"{best.distinct:,} different values" if best else ""
    else:
        return None
    return Match(best.header, f"by its contents: {why}", certain=False, by_contents=True) if best else None


def timely_headers(columns: Mapping[str, Column]) -> list[str]:
    """Return the headers of the columns whose cells look like dates."""
    return [header for header, column in columns.items() if column.timely >= _TIMELY]


def _rank_of_time(column: Column) -> tuple[bool, bool, float, float]:
    """Return how likely a column is the time of an event: by its name, by how many cells are filled and are times."""
    is_later = bool(_LATER_NAMES.search(column.header))
    return not is_later, bool(_TIME_NAMES.search(column.header)), round(column.filled, 2), column.timely


def _may_be_codes(column: Column) -> bool:
    textual = column.timely < _TIMELY and column.numeric < _TEXTUAL
    return textual and column.few and column.distinct >= _FEWEST_KINDS and not column.yes_no and not column.placed > 0.5


def _rank_of_codes(column: Column) -> tuple[bool, float, int]:
    return bool(_KIND_NAMES.search(column.header)), round(column.filled, 1), column.distinct
