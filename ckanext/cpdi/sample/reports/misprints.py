"""The figures of a Compstat report, and what is wrong with those of an edition that is corrected later."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ckanext.cpdi.sample.reports.offences import Counts, Ints
from ckanext.cpdi.sample.reports.schedule import Report

CITY, FIRST_TEAM = 0, 1
"""Areas of the figures: the city, then each team."""
_OFFENCE, _TOO_MANY = 8, 9
"""The offence whose figure is wrong, and by how much."""
_LEFT_WRONG = 4
"""The offence of a figure that nobody corrects."""
_WRONG_SIGN = "-250%"


@dataclass
class Figures:
    """``counts``: windows × (current, prior) × areas × offences; ``changes`` that are printed in place of the right."""

    counts: Ints
    changes: dict[tuple[int, int, int], str] = field(default_factory=dict[tuple[int, int, int], str])

    def cells(self, window: int, area: int, offence: int) -> tuple[str, str, str]:
        """Return the current figure, the prior and the change as they are printed."""
        current, prior = (int(self.counts[window, at, area, offence]) for at in (0, 1))
        printed = self.changes.get((window, area, offence))
        return str(current), str(prior), printed or change(current, prior)


def change(current: int, prior: int) -> str:
    """Return the change in whole per cent with its sign; n/c (not calculated) where ``prior`` is 0."""
    if not prior:
        return "n/c"
    per_cent = round(100 * (current - prior) / prior)
    return f"{per_cent:+d}%" if per_cent else "0%"


def figures_of(counts: Counts, report: Report) -> Figures:
    """Return the figures that ``report`` prints.

    A first edition that is corrected later has a figure too high: of a team alone, so that the teams do not add up to
    the city; of both; of the year before, so that it is not what was printed then; or a change that does not follow.
    """
    by_team = counts.windows(report.end)
    figures = Figures(np.concatenate([by_team.sum(axis=2, keepdims=True), by_team], axis=2))
    wrong = {
        0: [(0, 0, FIRST_TEAM, _OFFENCE)],
        1: [(0, 0, FIRST_TEAM, _OFFENCE), (0, 0, CITY, _OFFENCE)],
        2: [(0, 1, FIRST_TEAM, _OFFENCE), (0, 1, CITY, _OFFENCE)],
        3: [],
    }
    if report.wrong:
        kind = report.number % len(wrong)
        for place in wrong[kind]:
            figures.counts[place] += _TOO_MANY
        if not wrong[kind]:
            figures.changes[2, CITY, _OFFENCE] = _WRONG_SIGN
    if report.faults.misprinted:
        figures.counts[1, 0, FIRST_TEAM, _LEFT_WRONG] += _TOO_MANY
    return figures
