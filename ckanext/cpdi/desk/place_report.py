"""How true a department's places are: what the last run of each dataset counted, and how wide the units are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from ckanext.cpdi import config
from ckanext.cpdi.pipeline.places import read_stored
from ckanext.cpdi.rows.places import PlaceFigures

_WIDTHS = (100, 200, 400, 800)
_RUNS = 200
"""So many runs are looked through for one that counted; a run of an unchanged feed counts nothing."""


@dataclass(frozen=True)
class DatasetTruth:
    """The figures of the last good run of ``dataset`` that read rows, ``when`` it began."""

    dataset: str
    run: int
    when: datetime
    figures: PlaceFigures


@dataclass(frozen=True)
class PlaceReport:
    """``widths``: units of ground by how wide they are, in words; ``wide`` of them are wider than the ``widest`` metres
    that the profile declares, since addresses are few there.
    """

    datasets: tuple[DatasetTruth, ...]
    widths: dict[str, int]
    wide: int
    widest: float


def place_report(profile: str = "") -> PlaceReport:
    """Return the report; raise PlacesError for a places file that cannot be used."""
    department = config.profile(profile)
    widest = department.places.widest_metres
    widths, wide = _widths(config.places_path(department.name), widest)
    with config.store() as store:
        last = (
            next(
                (run for run in store.ledger.runs(table.name, _RUNS) if run.version and run.feed and run.feed.places),
                None,
            )
            for table in config.library().tables
        )
        datasets = tuple(
            DatasetTruth(run.dataset, run.id, run.started, run.feed.places)
            for run in last
            if run and run.feed and run.feed.places
        )
    return PlaceReport(datasets, widths, wide, widest)


def _widths(path: Path, widest: float) -> tuple[dict[str, int], int]:
    """Return the number of units by width, and how many are wider than ``widest``."""
    places = read_stored(path)
    if places is None:
        return {}, 0
    width = places.units.filter("has_ground")["width"].fill_null(0)
    classes = np.searchsorted([*_WIDTHS, np.inf], width.to_numpy())
    names = [*(f"up to {high} m" for high in _WIDTHS), f"more than {_WIDTHS[-1]} m"]
    counts = np.bincount(classes, minlength=len(names)).tolist()
    return dict(zip(names, counts, strict=True)), int((width > widest).sum())
