"""Columns that a feed has in parts: a day and its time apart, an address in pieces, a point in one cell.

In: what a feed's columns hold, and what fills which column of the dataset. Out: the rules of a profile that put them
together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Made, Text
from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.layout.headers import Matches, words_of_header
from ckanext.cpdi.drafting.phrases import phrase
from ckanext.cpdi.feeds.columns import points
from ckanext.cpdi.rows.values.clocks import read_clocks
from ckanext.cpdi.rows.values.zone import MISSING

_CLOCK = re.compile(r"(?i)time|hour|hhmm|clock|(^|[^a-z])hrs?([^a-z]|$)")
_HOUSE = re.compile(r"(?i)house|hundred|(^|[^a-z])(st|street|block|addr|address)[ _.]?(no|num|nbr|number|#)([^a-z]|$)")
_DIRECTION = re.compile(r"(?i)(street|st|pre|post)[ _]?dir")
_SUFFIX = re.compile(r"(?i)(street|st|str)[ _]?(type|suffix|suf|sfx)([^a-z]|$)|^suffix$")
_GOOD = 0.9
_NUMBERED = 0.3
_LOOKED_AT = 2_000
_MANY_CLOCKS, _FEWEST_HOUSES = 150, 20
_ALONE = r"(?i)^[0-9]{1,2}(:?[0-9]{2}){0,2} ?([ap]\.?m\.?)?$"
_APART = frozenset({"date", "time", "day", "hour"})


def clock_columns(contents: Contents, matches: Matches, days: Iterable[str], unread: Iterable[str]) -> dict[str, str]:
    """Return the header of the time of day for each of the columns ``days``, whose cells have none.

    It is the one of the ``unread`` whose name shares most words with that of the day.
    """
    clocks = clocks_among(contents, unread)
    apart: dict[str, str] = {}
    for column in days:
        of_day = words_of_header(matches.columns[column].header) - _APART
        fitting = [header for header in clocks if header not in apart.values()]
        if fitting:
            best = max(fitting, key=lambda header: len(of_day & words_of_header(header)))
            others = words_of_header(best) - _APART
            if of_day & others or not of_day or not others:
                apart[column] = best
    return apart


def clocks_among(contents: Contents, headers: Iterable[str]) -> list[str]:
    """Return the ``headers`` that hold a time of day; without a name of one, where they can hardly hold else."""
    return [
        header
        for header in headers
        if _are_clocks(contents.sample[header])
        and (_CLOCK.search(header) or _are_nothing_else(contents.sample[header]))
    ]


def _are_nothing_else(texts: pl.Series) -> bool:
    """Say whether cells that read as times of day have a colon, or are so many that no other numbers would all be."""
    filled = texts.drop_nulls().head(_LOOKED_AT)
    if float(filled.str.contains(_ALONE).sum()) / len(filled) < _GOOD:
        return False
    return float(filled.str.contains(":").sum()) / len(filled) >= _GOOD or filled.n_unique() >= _MANY_CLOCKS


def left_clock(header: str) -> Text:
    """Return what has to be decided of a time of day that belongs to no day."""
    return phrase(
        "{header} looks like a time of day, and is not read. Of which day is it the time? Name it under times.clocks,"
        " or let it stand under ignored.",
        "{header} parece una hora del día, y no se lee. ¿De qué día es la hora? Nómbrela en times.clocks, o déjela en"
        " ignored.",
        header=header,
    )


def _are_clocks(texts: pl.Series) -> bool:
    filled = texts.drop_nulls().head(_LOOKED_AT)
    return len(filled) > 0 and float((read_clocks(filled, short=True) != MISSING).mean()) >= _GOOD


def point_columns(contents: Contents, columns: Mapping[str, Column]) -> dict[str, Made]:
    """Return the rules for ``x`` and ``y`` where points stand in one cell of a column; none where they do not."""
    for header, column in columns.items():
        if column.filled and not column.numeric and not column.timely:
            longitude, latitude = point_texts(contents.sample[header].drop_nulls().head(_LOOKED_AT))
            if _are_degrees(longitude) >= _GOOD and _are_degrees(latitude) >= _GOOD:
                return {"x": Made(longitude=header), "y": Made(latitude=header)}
    return {}


def point_texts(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the longitudes and the latitudes of cells that hold points, as texts."""
    table, name = cells.to_frame(), cells.name
    rules = (
        points.longitude(Made(longitude=name), [pl.col(name)]),
        points.latitude(Made(latitude=name), [pl.col(name)]),
    )
    longitude, latitude = (table.select(rule.alias(name)).to_series() for rule in rules)
    return longitude, latitude


def _are_degrees(texts: pl.Series) -> float:
    numbers = texts.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    return float((np.abs(numbers) <= 180).mean()) if len(numbers) else 0.0


def address_parts(
    contents: Contents, columns: Mapping[str, Column], matches: Matches, unread: Iterable[str]
) -> dict[str, Made]:
    """Return the rule for ``address`` where the number of the house stands in a column of its own; none elsewhere."""
    street = matches.columns.get("address")
    if street is None:
        return {}
    filled = contents.sample[street.header].drop_nulls()
    if not len(filled) or float(filled.str.contains(r"^\d+ ").sum()) / len(filled) > _NUMBERED:
        return {}
    numeric = [header for header in unread if columns[header].numeric >= _GOOD]
    houses = [header for header in numeric if _HOUSE.search(header)]
    if not houses and street.by_contents:
        houses = [header for header in numeric if _is_before(contents, header, street.header)]
    if not houses:
        return {}
    before = [header for header in unread if _DIRECTION.search(header)]
    behind = [header for header in unread if _SUFFIX.search(header) and header not in before]
    return {"address": Made(join=(houses[0], *before[:1], street.header, *behind[:1]))}


def _is_before(contents: Contents, header: str, street: str) -> bool:
    """Say whether a column of numbers stands right before that of the streets and holds as many as houses have."""
    place = contents.headers.index(street)
    filled = contents.sample[header].drop_nulls()
    whole = float(filled.str.contains(r"^[0-9]{1,5}$").sum()) / max(1, len(filled)) >= _GOOD
    return place > 0 and contents.headers[place - 1] == header and whole and filled.n_unique() >= _FEWEST_HOUSES
