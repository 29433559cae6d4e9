"""Exports of reports on the use of force: incidents, the people that it was used on, the officers who used it.

The three files of a profile, number of incidents, seed and end are of the same incidents. People are no persons: their
names are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.sample.calls import DEFAULT_END, texts
from ckanext.cpdi.sample.city import Ints
from ckanext.cpdi.sample.clock import Instants, draw_times, stamps
from ckanext.cpdi.sample.dirt import Columns, Fault, put, repeat_previous, rewrite, write_dirty
from ckanext.cpdi.sample.vocabulary import Words, draw, draw_people, numbered, words

TABLE = "use-of-force"
A_DAY = 20 / 30
"""Some twenty incidents a month, as departments of this size report."""
_FORMAT = "%Y-%m-%d %H:%M"
_FORCE = ("physical", "takedown", "electronic_weapon", "chemical", "firearm_pointed", "canine", "impact_weapon")
_INJURY = ("none", "minor", "unknown", "serious")
_RESISTANCE = ("active", "passive", "verbal", "assaultive", "none", "deadly")

_OF_ALL: dict[Fault, float] = {
    put(Date=""): 0.005,
    put(Date="13/45/2025"): 0.005,
    put(Date="infinity"): 0.002,
    put(Incident_Number=""): 0.005,
    rewrite("Incident_Number", lambda text: f"  {text} "): 0.02,
}
_OF_INCIDENTS: dict[Fault, float] = {
    **_OF_ALL,
    put(NUOFDC="maybe"): 0.01,
    put(Subjects="two"): 0.01,
    put(Officers="1.5"): 0.01,
    repeat_previous("Incident_Number"): 0.01,
    put(Narrative="=HYPERLINK(A1)"): 0.01,
}
_OF_PEOPLE: dict[Fault, float] = {
    **_OF_ALL,
    put(Age=""): 0.04,
    put(Age="Juv"): 0.02,
    put(Age="17 1/2"): 0.01,
    put(Age="N/A"): 0.01,
    put(Force="Whatever the officer typed"): 0.01,
    put(Injury="?"): 0.01,
    repeat_previous("Subject_ID"): 0.01,
}
_OF_OFFICERS: dict[Fault, float] = {**_OF_ALL, put(Force=""): 0.01, put(Injury="?"): 0.01}


@dataclass(frozen=True)
class _Incidents:
    """Incidents as parallel arrays; ``people`` and ``officers`` count those in each."""

    numbers: Words
    times: Instants
    people: Ints
    officers: Ints

    def times_over(self, counts: Ints) -> Columns:
        """Return number and time of each incident, as often as ``counts`` says."""
        at = np.repeat(np.arange(len(counts)), counts)
        return {"Incident_Number": self.numbers[at], "Date": stamps(self.times[at], _FORMAT)}


def write_incidents(
    path: Path,
    profile: Profile,  # noqa: ARG001  all feeds are written in the same way
    rows: int,
    seed: int,
    end: datetime = DEFAULT_END,
    days: float | None = None,
) -> int:
    """Write ``rows`` incidents of the ``days`` before ``end`` to ``path``; return how many rows were written."""
    incidents, rng = _incidents(rows, seed, end, days)
    columns: Columns = {
        "Incident_Number": incidents.numbers.copy(),
        "Date": stamps(incidents.times, _FORMAT),
        "NUOFDC": draw(("N", "Y"), rows, rng),
        "Subjects": texts(incidents.people),
        "Officers": texts(incidents.officers),
        "Narrative": np.full(rows, "SAMPLE narrative, which nobody may publish", dtype=object),
        "Street": np.full(rows, "1 SAMPLE St", dtype=object),
    }
    return write_dirty(path, columns, _OF_INCIDENTS, rng)


def write_people(
    path: Path, profile: Profile, rows: int, seed: int, end: datetime = DEFAULT_END, days: float | None = None
) -> int:
    """Write the people of ``rows`` incidents, one or more each; return how many rows were written."""
    incidents, rng = _incidents(rows, seed, end, days)
    count, table = int(incidents.people.sum()), f"{TABLE}-subjects"
    race, sex = draw_people(count, rng)
    columns = incidents.times_over(incidents.people) | {
        "Subject_ID": numbered("SAMPLE-S", count),
        "Name": numbered("SAMPLE Person ", count),
        "Age": texts(np.clip(rng.gamma(5.0, 6.5, count) + 10, 12, 90).astype(int)),
        "Race": race,
        "Sex": sex,
        "Force": draw(words(profile, table, "force_type", _FORCE), count, rng),
        "Resistance": draw(words(profile, table, "subject_resistance", _RESISTANCE), count, rng),
        "Injury": draw(words(profile, table, "subject_injury", _INJURY), count, rng),
    }
    return write_dirty(path, columns, _OF_PEOPLE, rng)


def write_officers(
    path: Path, profile: Profile, rows: int, seed: int, end: datetime = DEFAULT_END, days: float | None = None
) -> int:
    """Write the officers of ``rows`` incidents, one or more each; return how many rows were written."""
    incidents, rng = _incidents(rows, seed, end, days)
    count, table = int(incidents.officers.sum()), f"{TABLE}-officers"
    race, sex = draw_people(count, rng)
    columns = incidents.times_over(incidents.officers) | {
        "Officer_ID": numbered("SAMPLE-B", count),
        "Officer": numbered("SAMPLE Officer ", count),
        "Officer_Race": race,
        "Officer_Sex": sex,
        "Officer_Age": texts(np.clip(rng.normal(36, 8, count), 21, 62).astype(int)),
        "Force": draw(words(profile, table, "force_type", _FORCE), count, rng),
        "Injury": draw(words(profile, table, "officer_injury", _INJURY), count, rng),
    }
    return write_dirty(path, columns, _OF_OFFICERS, rng)


def _incidents(rows: int, seed: int, end: datetime, days: float | None) -> tuple[_Incidents, np.random.Generator]:
    """Return the incidents of a seed, and what the rest is drawn from. Raises ValueError where ``rows`` is below 1."""
    if rows < 1:
        raise ValueError("at least one row is needed")
    rng = np.random.default_rng(seed)
    times = draw_times(rows, end, days or rows / A_DAY, rng)
    people, officers = 1 + rng.poisson(0.15, rows), 1 + rng.poisson(0.8, rows)
    return _Incidents(numbered("SAMPLE-F", rows), times, people, officers), rng
