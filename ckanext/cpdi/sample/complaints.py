"""Exports of complaints about officers and of their allegations, as systems of internal affairs write them.

Both files of a profile, number of complaints, seed and end are of the same complaints. Nobody in them is a person.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.sample.calls import DEFAULT_END, texts
from ckanext.cpdi.sample.clock import Instants, draw_times, stamps
from ckanext.cpdi.sample.dirt import Columns, Fault, put, repeat_previous, rewrite, write_dirty
from ckanext.cpdi.sample.vocabulary import draw, draw_people, numbered, words

TABLE = "complaints"
A_DAY = 8 / 30
_FORMAT = "%Y-%m-%d"
_SOURCES = ("external", "internal", "unknown")
_FINDINGS = ("not_sustained", "unfounded", "exonerated", "sustained", "pending", "withdrawn")
_ALLEGATIONS = ("Discourtesy", "Report writing", "Neglect of duty", "Excessive force", "Bias")
"""For a profile without a list of its own; whatever is in no list is withheld."""

_OF_ALL: dict[Fault, float] = {
    put(Received=""): 0.01,
    put(Received="last week"): 0.01,
    put(Received="2025-02-30"): 0.01,
    put(Case_Number=""): 0.01,
    rewrite("Case_Number", lambda text: f"{text}  "): 0.02,
}
_OF_COMPLAINTS: dict[Fault, float] = {
    **_OF_ALL,
    put(Source="A name that somebody typed"): 0.02,
    put(Summary="=1+1"): 0.01,
    repeat_previous("Case_Number"): 0.01,
}
_OF_ALLEGATIONS: dict[Fault, float] = {
    **_OF_ALL,
    put(Allegation="Whatever somebody typed"): 0.01,
    put(Allegation=""): 0.01,
    put(Finding="see file"): 0.02,
    repeat_previous("Allegation_ID"): 0.01,
}


def write_complaints(
    path: Path, profile: Profile, rows: int, seed: int, end: datetime = DEFAULT_END, days: float | None = None
) -> int:
    """Write ``rows`` complaints of the ``days`` before ``end`` to ``path``; return how many rows were written."""
    times, rng = _received(rows, seed, end, days)
    race, sex = draw_people(rows, rng)
    columns: Columns = {
        "Case_Number": numbered("SAMPLE-IA", rows),
        "Received": stamps(times, _FORMAT),
        "Complainant_Race": race,
        "Complainant_Sex": sex,
        "Complainant_Age": texts(np.clip(rng.gamma(6.0, 6.5, rows) + 10, 12, 90).astype(int)),
        "Source": draw(words(profile, TABLE, "complaint_source", _SOURCES), rows, rng),
        "Complainant": numbered("SAMPLE Complainant ", rows),
        "Summary": np.full(rows, "SAMPLE summary, which nobody may publish", dtype=object),
    }
    return write_dirty(path, columns, _OF_COMPLAINTS, rng)


def write_allegations(
    path: Path, profile: Profile, rows: int, seed: int, end: datetime = DEFAULT_END, days: float | None = None
) -> int:
    """Write the allegations of ``rows`` complaints, one or more each; return how many rows were written."""
    times, rng = _received(rows, seed, end, days)
    counts = 1 + rng.poisson(0.4, rows)
    at, table = np.repeat(np.arange(rows), counts), f"{TABLE}-allegations"
    columns: Columns = {
        "Case_Number": numbered("SAMPLE-IA", rows)[at],
        "Allegation_ID": numbered("SAMPLE-A", len(at)),
        "Received": stamps(times[at], _FORMAT),
        "Allegation": draw(_allegations(profile, table), len(at), rng),
        "Finding": draw(words(profile, table, "finding", _FINDINGS), len(at), rng),
        "Officer": numbered("SAMPLE Officer ", len(at)),
    }
    return write_dirty(path, columns, _OF_ALLEGATIONS, rng)


def _allegations(profile: Profile, table: str) -> tuple[str, ...]:
    codes = profile.feed(table).codes.get("allegation")
    return tuple(code.value for code in profile.lists[codes.list].codes) if codes else _ALLEGATIONS


def _received(rows: int, seed: int, end: datetime, days: float | None) -> tuple[Instants, np.random.Generator]:
    """Return when the complaints of a seed came in. Raises ValueError where ``rows`` is below 1."""
    if rows < 1:
        raise ValueError("at least one row is needed")
    rng = np.random.default_rng(seed)
    return draw_times(rows, end, days or rows / A_DAY, rng), rng
