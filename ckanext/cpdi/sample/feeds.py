"""The synthetic feeds that there are: commands, demo and tests take them from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ckanext.cpdi.sample import calls, citations, complaints, force


@dataclass(frozen=True)
class SampleFeed:
    """A synthetic feed: what its rows are called, the table that it fills, and what writes it.

    ``write(path, profile, rows, seed, end, days)`` returns how many rows it has written; of a table that stands beside
    another ``rows`` counts those of the other. ``share``: the demo's rows as a share of its calls; ``days``: how
    many days they lie in, None for as many as such a department takes.
    """

    kind: str
    table: str
    write: Callable[..., int]
    share: float
    days: float | None = None

    @property
    def file(self) -> str:
        """Its name in a drop folder."""
        return f"{self.kind}-sample.csv.gz"


_YEARS = 3 * 365.25
"""Tables of people count whole years, and rows come out with a month or quarter that is over: so few rows do, too."""

FEEDS = (
    SampleFeed("calls", "calls-for-service", calls.write_calls, 1),
    # At the demo's size a quarter of the calls gives somewhat more than a year of citations.
    SampleFeed("citations", citations.DATASET, citations.write_citations, 0.25),
    SampleFeed("force", force.TABLE, force.write_incidents, 0.012, _YEARS),
    SampleFeed("force-people", f"{force.TABLE}-subjects", force.write_people, 0.012, _YEARS),
    SampleFeed("force-officers", f"{force.TABLE}-officers", force.write_officers, 0.012, _YEARS),
    SampleFeed("complaints", complaints.TABLE, complaints.write_complaints, 0.0048, _YEARS),
    SampleFeed("allegations", f"{complaints.TABLE}-allegations", complaints.write_allegations, 0.0048, _YEARS),
)
