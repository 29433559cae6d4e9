"""What the monthly reports have in common: their random numbers, and the months of a year before."""

from __future__ import annotations

import numpy as np

from ckanext.cpdi.sample.reports.prose import Prose
from ckanext.cpdi.sample.reports.schedule import Report

MONTHS = 12
_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def generator(seed: int, kind: int, number: int) -> np.random.Generator:
    """Return the random numbers of the month ``number`` of a kind of report."""
    return np.random.default_rng((seed, kind, number))


def prose(seed: int, report: Report) -> Prose:
    """Return the report's sentences, the same for all editions."""
    return Prose(f"{seed} {report.series} {report.number}")


def labels(number: int) -> list[str]:
    """Return the names of the twelve months that end with the month ``number``."""
    return [_NAMES[(month - 1) % MONTHS] for month in range(number - MONTHS + 1, number + 1)]
