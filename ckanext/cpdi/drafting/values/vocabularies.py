"""The feed's words for what a dataset has words of its own for: race, sex, who started a call.

Proposed is a word only where it can mean nothing else; the rest stays empty until a person writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.cpdi.declare import Table
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.file.persons import are_personal

_MEANT: Mapping[str, tuple[str, ...]] = {
    "white": ("w", "white", "caucasian"),
    "black": ("b", "black", "african american", "black or african american", "black/african american"),
    "asian": ("a", "asian"),
    "american_indian": ("i", "american indian", "native american", "american indian or alaska native", "indian"),
    "pacific_islander": ("p", "pacific islander", "native hawaiian or other pacific islander", "hawaiian"),
    "multiracial": ("multiracial", "two or more races", "multi"),
    "hispanic": ("h", "hispanic", "hispanic or latino", "latino"),
    "not_hispanic": ("n", "non-hispanic", "not hispanic", "not hispanic or latino", "nonhispanic", "non hispanic"),
    "female": ("f", "female", "woman"),
    "male": ("m", "male", "man"),
    "unknown": ("u", "unk", "unknown", "not reported"),
    "911": ("911", "e911", "e-911", "9-1-1", "911 call"),
    "nonemergency": ("phone", "telephone", "non-emergency", "nonemergency", "non emergency", "admin line"),
    "text": ("text", "text to 911", "sms"),
    "alarm": ("alarm", "alarm company"),
    "officer": ("officer", "officer/radio", "radio", "self initiated", "self-initiated", "officer initiated", "field"),
    "other_agency": ("other agency", "agency", "mutual aid"),
    "online": ("online", "web", "online report", "internet"),
    "in_person": ("in person", "walk in", "walk-in", "lobby", "walkin", "counter"),
}
"""Our words, with those of feeds in small letters that mean them."""


@dataclass(frozen=True)
class Words:
    """The values of a column: ``known`` ones with our word, and ``open`` ones, with their rows, for a person to say."""

    column: str
    known: dict[str, str]
    open: dict[str, int]


def words_of(column: str, allowed: tuple[str, ...], header: str, contents: Contents) -> Words:
    """Return the words of a column whose values are to be among ``allowed``; none of a column of many values."""
    counted = contents.counts.get(header, pl.DataFrame(schema={"value": pl.String, "rows": pl.Int64}))
    counted = counted.filter((pl.col("rows") > 1) & ~are_personal(counted["value"]))
    meanings = _meanings(allowed)
    known = {value: meanings[value.lower()] for value, _ in counted.iter_rows() if value.lower() in meanings}
    return Words(column, known, {value: rows for value, rows in counted.iter_rows() if value not in known})


def known_share(allowed: Sequence[str], counted: pl.DataFrame) -> float:
    """Return the share of the rows of ``counted`` (``value``, ``rows``) whose value can only mean one of ``allowed``.

    Letters alone mean much; they count where they stand for half of the words.
    """
    meanings = _meanings(allowed)
    known = {value: meanings[value.lower()] for value in counted["value"] if value.lower() in meanings}
    letters = all(len(value) < 2 for value in known)
    if len(set(known.values())) < (max(2, len(allowed) / 2) if letters else 2):
        return 0.0
    rows = int(counted["rows"].sum())
    return int(counted.filter(pl.col("value").is_in(list(known)))["rows"].sum()) / max(1, rows)


def _meanings(allowed: Sequence[str]) -> dict[str, str]:
    """Return the words of feeds, in small letters, that mean one of ours."""
    return {word: ours for ours in allowed for word in (ours, ours.replace("_", " "), *_MEANT.get(ours, ()))}


def shared_words(
    matched: Mapping[str, str], allowed: Mapping[str, tuple[str, ...]], contents: Contents
) -> tuple[Words, Words] | None:
    """Return the words of race and of ethnicity where both stand in one column; None where they do not.

    ``matched`` has the header of each column that was matched, ``allowed`` our words for each.
    """
    race, ethnicity = _TOGETHER
    if race not in matched or ethnicity in matched or not allowed.keys() >= {race, ethnicity}:
        return None
    races = words_of(race, allowed[race], matched[race], contents)
    others = {value: rows for value, rows in races.open.items() if value.lower() in _MEANT["hispanic"]}
    if not others:
        return None
    said = dict.fromkeys(others, "hispanic")
    rest = {value: rows for value, rows in races.open.items() if value not in others}
    return (
        Words(race, {**races.known, **dict.fromkeys(others, "")}, rest),
        Words(ethnicity, {**said, **dict.fromkeys(races.known, "")}, {}),
    )


_TOGETHER = ("subject_race", "subject_ethnicity")


def with_words(table: Table) -> dict[str, tuple[str, ...]]:
    """Return the columns that a feed brings and a dataset has words for, with these words."""
    columns = {
        field.name: field.constraints.enum
        for field in table.fields
        if field.headers and field.type == "string" and field.constraints.enum
    }
    sources = next((field.constraints.enum for field in table.fields if field.source == "source.value"), None)
    return columns | ({"reported_source": sources} if sources else {})
