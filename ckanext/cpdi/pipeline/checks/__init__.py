"""Whether a run looks so unlike the last good one that a person should see it before the public does.

In: what a run would do to the table, and what the feed looked like then and now. Out: objections, each a difference in
words and in numbers. To add a check, write a function in ``feed`` or ``rows`` and name it in CHECKS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ckanext.cpdi.pipeline.checks import feed, rows
from ckanext.cpdi.pipeline.checks.feed import standing_still
from ckanext.cpdi.pipeline.checks.night import Night
from ckanext.cpdi.store import Objection

__all__ = ["CHECKS", "Night", "objections", "standing_still"]

CHECKS: tuple[Callable[[Night], Iterator[Objection]], ...] = (
    rows.empty,
    rows.shrunk,
    rows.quarantined,
    rows.window,
    rows.withheld,
    rows.classes,
    feed.columns_gone,
    feed.columns_new,
    feed.columns_empty,
    feed.stale,
    feed.behind,
)


def objections(night: Night) -> tuple[Objection, ...]:
    """Return everything that speaks against a run, and notices of what does not hold it."""
    return tuple(one for check in CHECKS for one in check(night))
