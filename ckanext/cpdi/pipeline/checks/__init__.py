"""Whether a run looks so unlike the last good one that a person should see it before the public does.

In: what a run would do to the table, and what the feed looked like then and now. Out: objections, each a difference in
words and in numbers. To add a check, write one file here that defines its :class:`Check`.
"""

from __future__ import annotations

from ckanext.cpdi.pipeline.check import Check, Night
from ckanext.cpdi.pipeline.checks.feed import standing_still
from ckanext.cpdi.registry import Registry
from ckanext.cpdi.store import Objection

__all__ = ["Night", "checks", "objections", "standing_still"]

_CHECKS = Registry("checks", Check, __name__)


def checks() -> Registry[Check]:
    """Return every check by its name, in the order in which people read what they object to."""
    return _CHECKS


def objections(night: Night) -> tuple[Objection, ...]:
    """Return everything that speaks against a run, and notices of what does not hold it."""
    return tuple(objection for check in checks().values() for objection in check.look(night))
