"""Shapes of what belongs to a person: telephone numbers, social security numbers, dates of birth.

In: a column of texts and the pattern that they are held to. Out: which of them must not be shown.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from ckanext.cpdi.rows.verdicts import Rows, truths

_MARK = r"[^0-9A-Za-z]{1,2}"
_FROM, _TO = r"(^|[^0-9])", r"($|[^0-9])"
_YEAR, _MONTH, _DAY = r"(?:19|20)[0-9]{2}", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12][0-9]|3[01])"
_MM, _DD = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12][0-9]|3[01])"
_NAMED = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Za-z]*"
_AREA = r"[2-9][0-9]{2}"
_OF_YEAR = (f"{_MONTH}{_MARK}{_DAY}", f"{_DAY}{_MARK}{_MONTH}")
_WRITTEN_DATES = (*(f"{date}{_MARK}{_YEAR}" for date in _OF_YEAR), f"{_YEAR}{_MARK}{_MONTH}{_MARK}{_DAY}")

ALWAYS = (
    f"{_FROM}{_AREA}{_MARK}{_AREA}{_MARK}[0-9]{{4}}{_TO}",  # 843-555-0100, (843) 555-0100
    f"{_FROM}{_AREA}{_MARK}{_AREA}[0-9]{{4}}{_TO}",  # 843-5550100
    f"{_FROM}[0-9]{{3}}{_MARK}[0-9]{{2}}{_MARK}[0-9]{{4}}{_TO}",  # 219-09-9999
    *(f"^[^0-9]*{date}[^0-9]*$" for date in _WRITTEN_DATES),  # 03/12/1985, DOE 1985-03-12
    f"(?i){_FROM}{_DAY}[^0-9A-Za-z]{{0,2}}{_NAMED}[^0-9A-Za-z]{{0,2}}(?:{_YEAR}|[0-9]{{2}}){_TO}",  # 12MAR85
    f"(?i){_NAMED}[^0-9A-Za-z]{{0,2}}{_DAY}[^0-9A-Za-z]{{1,2}}{_YEAR}{_TO}",  # Mar 12, 1985
)
"""Nobody numbers records so; shown nowhere, whatever a pattern says."""

_PHONES, _YMD, _MDY, _SSNS = (
    ("8435550100", "2125550142"),
    ("19850312",),
    ("03121985", "25121961"),
    ("219099999", "457555462"),
)
_MONTHS_AND_DAYS = tuple((month, day) for month in ("3", "03", "11") for day in ("7", "07", "28"))
_REST, _PAIR = r"([^0-9]*)", r"[0-9]{2}"
_KEEP = f"({_MARK})"


def _each(*texts: str) -> tuple[str, ...]:
    """Return replacements that leave what stands before and behind as it is."""
    return tuple(f"${{1}}{text}${{2}}" for text in texts)


UNLESS_PINNED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (f"{_FROM}{_AREA}{_AREA}[0-9]{{4}}{_TO}", _each(*_PHONES)),  # 8435550100
    (f"{_FROM}1{_AREA}{_AREA}[0-9]{{4}}{_TO}", _each(*(f"1{phone}" for phone in _PHONES))),  # 18435550100
    (f"^{_REST}{_AREA}{_KEEP}[0-9]{{4}}{_REST}$", ("${1}555${2}0100${3}",)),  # 555-0100
    (f"{_FROM}{_AREA}{_AREA}{_KEEP}[0-9]{{4}}{_TO}", ("${1}843555${2}0100${3}",)),  # 843555-0100
    (f"^{_REST}[0-9]{{9}}{_REST}$", _each(*_SSNS)),  # 219099999
    (f"{_FROM}{_YEAR}{_MM}{_DD}{_TO}", _each(*_YMD)),  # 19850312
    (f"{_FROM}(?:{_MM}{_DD}|{_DD}{_MM}){_YEAR}{_TO}", _each(*_MDY)),  # 03121985
    (
        f"{_FROM}(?:{_MONTH}|{_DAY}){_KEEP}(?:{_MONTH}|{_DAY}){_KEEP}{_YEAR}{_TO}",  # 03-12-1985-1
        tuple(f"${{1}}{month}${{2}}{day}${{3}}1985${{4}}" for month, day in _MONTHS_AND_DAYS),
    ),
    (
        f"{_FROM}{_YEAR}{_KEEP}{_MONTH}{_KEEP}{_DAY}{_TO}",  # 1985-03-12-1
        tuple(f"${{1}}1985${{2}}{month}${{3}}{day}${{4}}" for month, day in _MONTHS_AND_DAYS),
    ),
    (
        f"^{_REST}{_MONTH}{_KEEP}{_DAY}{_KEEP}{_PAIR}{_REST}$",  # 03-12-85
        tuple(f"${{1}}{month}${{2}}{day}${{3}}85${{4}}" for month, day in _MONTHS_AND_DAYS),
    ),
    (f"^([A-Za-z]{{2,}}[^0-9A-Za-z]{{0,2}}){_MM}{_DD}{_PAIR}()$", _each("031285")),  # DOE031285
    (f"^(){_MM}{_DD}{_PAIR}([^0-9A-Za-z]{{0,2}}[A-Za-z]{{2,}})$", _each("031285")),  # 031285DOE
)
"""Record numbers can look so as well. Each with what puts other people's numbers into its place."""

_ANY = "|".join(f"(?:{shape})" for shape in (*ALWAYS, *(shape for shape, _ in UNLESS_PINNED)))
_WORD = "[A-Za-z]{2,}"


def personal(column: pl.Series, pattern: str) -> Rows:
    """Return which texts look like a person's number.

    A shape that record numbers have as well is let through where ``pattern`` pins it: where it takes this text, and
    refuses the same with another person's digits or, where a word stands in it, with another word. So ``20[0-9]{6}``
    lets ``20261124`` through; ``[0-9]{8}``, which takes any date of birth, does not.
    """
    suspicious = truths(column.str.contains(_ANY))
    at = np.flatnonzero(suspicious)
    if not len(at):
        return suspicious
    some = column.gather(at)
    refused = np.zeros(len(at), dtype=bool)
    for shape in ALWAYS:
        refused |= truths(some.str.contains(shape))
    for shape, others in UNLESS_PINNED:
        refused |= truths(some.str.contains(shape)) & ~_pinned(some, shape, others, pattern)
    suspicious[at] = refused
    return suspicious


def _pinned(texts: pl.Series, shape: str, others: tuple[str, ...], pattern: str) -> Rows:
    """Return for which texts ``pattern`` takes no other person's number in place of ``shape``."""
    anchored = f"^(?:{pattern})$"
    words = texts.str.replace_all("[A-Z]", "Q").str.replace_all("[a-z]", "q")
    worded = texts.str.contains(_WORD)
    accepted = np.zeros(len(texts), dtype=bool)
    for other in others:
        changed = words.zip_with(worded, texts.str.replace(shape, other))
        accepted |= truths(changed.str.contains(anchored))
    return truths(texts.str.contains(anchored)) & ~accepted
