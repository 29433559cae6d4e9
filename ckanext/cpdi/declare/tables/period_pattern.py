"""Patterns of the periods in the names and on the first pages of reports, such as ``compstat {year}-{month}-{day}``.

``{year}`` has four digits and ``{yy}`` two, ``{month}`` is a number and ``{month_name}`` a name or its short form in
English or Spanish, ``{day}`` a day and ``{week}`` an ISO week. Between these and words, blanks and the marks
``. , - _ /`` stand for any run of them. Letters match in either case, anywhere in the text.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
"""The names of months and their short forms in small letters: number from 1."""

_PART = re.compile(r"(\{\w+\})|([\s.,_/-]+)|([^{}\s.,_/-]+)")
_DIGITS = {"year": r"\d{4}", "yy": r"\d\d", "month": r"\d{1,2}", "day": r"\d{1,2}", "week": r"\d{1,2}"}
_GAP = r"[\s.,_/-]+"
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_NEEDED = ({"month"}, {"month_name"}, {"week"})


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern as a regular expression with a group for each of its parts in braces.

    Raises ValueError for one that names a part twice, or an unknown one, or no year, or neither a month nor a week.
    """
    parts = list(_PART.finditer(pattern))
    if "".join(part[0] for part in parts) != pattern:
        raise ValueError(f"{pattern!r} has a brace that belongs to no part such as {{year}}")
    names = [part[1][1:-1] for part in parts if part[1]]
    _check(pattern, names)
    pieces = [
        _piece(part, before, after)
        for (before, part), (_, after) in pairwise(pairwise([None, *parts, None]))
        if part is not None
    ]
    return re.compile("".join(pieces), re.IGNORECASE)


def _check(pattern: str, names: list[str]) -> None:
    unknown = sorted(set(names) - {*_DIGITS, "month_name"})
    if unknown:
        raise ValueError(f"{pattern!r} has {{{unknown[0]}}}, which is none of {', '.join(_DIGITS)}, month_name")
    if len(set(names)) < len(names):
        raise ValueError(f"{pattern!r} names a part twice")
    if not {"year", "yy"} & set(names) or not any(needed <= set(names) for needed in _NEEDED):
        raise ValueError(f"{pattern!r} needs a year, and a month or a week")


def _piece(part: re.Match[str], before: re.Match[str] | None, after: re.Match[str] | None) -> str:
    """Return the expression of a part, which depends on what stands beside it: digits must end where it ends."""
    if part[2]:
        return _GAP
    if part[3]:
        return re.escape(part[3])
    name = part[1][1:-1]
    if name == "month_name":
        return rf"(?<![^\W\d_])(?P<month_name>{_NAMES})(?![^\W\d_])\.?"
    joined = any(_is_number(other) for other in (before, after))
    digits = r"\d\d" if joined and name not in ("year", "yy") else _DIGITS[name]
    opening = "" if _is_number(before) else r"(?<!\d)"
    closing = "" if _is_number(after) else r"(?!\d)"
    return f"{opening}(?P<{name}>{digits}){closing}"


def _is_number(part: re.Match[str] | None) -> bool:
    return part is not None and bool(part[1]) and part[1] != "{month_name}"
