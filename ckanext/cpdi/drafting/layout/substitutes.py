"""Columns that are proposed for what a dataset reads by what stands in them, where no header has a name for it.

Whatever a dataset requires is proposed, and of the rest what can hardly be anything else. Some things are only hinted
at, until a person names the column: a record's number, which would be shown as it stands, an age, by which more is
shown of people, and codes whose values could be names, since those of a list are written down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ckanext.cpdi.declare import Input, Table
from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.layout.evidence import Evidence, Likely
from ckanext.cpdi.drafting.layout.headers import Match, Matches
from ckanext.cpdi.drafting.values.vocabularies import with_words

_TIME_NAMES = re.compile(
    r"(?i)(^|[^a-z])(date|day|rpt|report(ed)?|rec(eive)?d|rcvd|open(ed)?|occ(urred)?|creat(ed|ion)|call|start(ed)?|begin)"
)
_LATER_NAMES = re.compile(r"(?i)clos|clear|clr|end|finish|arriv|dispatch|disp|route|modif|updat|print|export|birth|dob")
_KIND_NAMES = re.compile(r"(?i)type|typ([^a-z]|$)|kind|nature|problem|descr?|code|categor|offen[cs]e|reason|class")
_FAMILIAR, _LIKE_SOME = 0.5, 0.3
"""Shares of rows with values like judged ones: what tells a column whatever it is called, and what is enough for a
column that a dataset does not require.
"""
_NO_NAMES = 0.1
"""A column of names has fewer values that are like a judged one by chance."""
_MOST_OTHERS = 3


def with_substitutes(table: Table, evidence: Evidence, matches: Matches) -> Matches:
    """Return the matches with proposals for what no name fills, what is required first, and with hints."""
    pairs, hints = dict(matches.columns), dict[str, Match]()
    needed = {column.name for column in table.read if column.required}
    for wanted in sorted(table.read, key=lambda column: not column.required):
        if wanted.name in pairs:
            continue
        taken = {pair.header for name, pair in pairs.items() if pair.certain or name in needed or not wanted.required}
        free = [column for header, column in evidence.columns.items() if header not in taken and not column.personal]
        if not (likely := _likely(wanted, table, evidence, free, pairs)):
            continue
        pair = _pair(likely)
        if wanted.name in (table.key, "age") or not _may_be_listed(wanted, evidence, pair.header):
            hints[wanted.name] = pair
        else:
            pairs = {name: other for name, other in pairs.items() if other.header != pair.header}
            pairs[wanted.name] = pair
    used = {pair.header for pair in pairs.values()}
    return Matches(pairs, matches.refused, {name: pair for name, pair in hints.items() if pair.header not in used})


def _may_be_listed(wanted: Input, evidence: Evidence, header: str) -> bool:
    """Say whether a column may become a code list, whose values are written down: not where they could be names."""
    if wanted.type not in ("code", "codes") or _KIND_NAMES.search(header):
        return True
    return evidence.familiar(wanted.name, header) >= _NO_NAMES or evidence.has_digits(header)


def _pair(likely: Sequence[Likely]) -> Match:
    best, *others = likely
    return Match(
        best.header,
        f"by its contents: {best.why.en}",
        certain=False,
        why=best.why,
        others=tuple(other.header for other in others[:_MOST_OTHERS]),
    )


def _likely(
    wanted: Input, table: Table, evidence: Evidence, free: Sequence[Column], pairs: Mapping[str, Match]
) -> list[Likely]:
    """Return the columns that could be an input by what stands in them, the likeliest first."""
    if wanted.name == table.key:
        return evidence.numbers(free)
    if wanted.name == table.time:
        return sorted(evidence.times(free), key=_time_rank, reverse=True)
    if wanted.name in ("x", "y"):
        return _axis(wanted.name, evidence, free, pairs)
    if wanted.name == "age":
        return evidence.ages(free)
    if wanted.name == "priority":
        return evidence.ranks(free)
    if wanted.type == "address":
        return evidence.addresses(free)
    if wanted.type in ("code", "codes"):
        return _codes(wanted, evidence, free)
    words = with_words(table).get(wanted.name)
    return evidence.words(words, free) if words else []


def _axis(name: str, evidence: Evidence, free: Sequence[Column], pairs: Mapping[str, Match]) -> list[Likely]:
    """Return the column of longitudes, or of latitudes, where that of the other is free as well, or taken for it."""
    points = evidence.points
    if points is None:
        return []
    headers = {"x": points.x, "y": points.y}
    own, other = headers[name], "y" if name == "x" else "x"
    usable = {column.header for column in free}
    both = pairs[other].header == headers[other] if other in pairs else headers[other] in usable
    return [Likely(own, (), points.why)] if own in usable and both else []


def _codes(wanted: Input, evidence: Evidence, free: Sequence[Column]) -> list[Likely]:
    codes = evidence.codes(wanted.name, free)
    likely = sorted(codes, key=lambda column: _code_rank(wanted, evidence, column), reverse=True)
    least = 0.0 if wanted.required else _LIKE_SOME
    return [column for column in likely if evidence.familiar(wanted.name, column.header) >= least]


def _code_rank(wanted: Input, evidence: Evidence, column: Likely) -> tuple[float, ...]:
    familiar = evidence.familiar(wanted.name, column.header) >= _FAMILIAR
    return (familiar, bool(_KIND_NAMES.search(column.header)), *column.rank)


def _time_rank(column: Likely) -> tuple[float, ...]:
    """Return how likely a column is the time of an event: by its name, then by what stands in it."""
    return (not _LATER_NAMES.search(column.header), bool(_TIME_NAMES.search(column.header)), *column.rank)
