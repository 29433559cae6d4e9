"""Checks that hold a run for review where it differs too much from the last good one.

In: the changes that a run would make, and the shape of its feed then and now. Out: objections, each with the values
before and after. To add a check, write one file here that defines its :class:`Check`.
"""

from __future__ import annotations

from ckanext.cpdi.pipeline.check import Check, Night
from ckanext.cpdi.pipeline.checks.stale import standing_still
from ckanext.cpdi.registry import Registry
from ckanext.cpdi.store import Objection

__all__ = ["Night", "checks", "objections", "standing_still"]

_CHECKS = Registry("checks", Check, __name__)


def checks() -> Registry[Check]:
    """Return every check by its name, in the order in which their objections are shown."""
    return _CHECKS


def objections(night: Night) -> tuple[Objection, ...]:
    """Return the objections of all checks to a run, notices included."""
    return tuple(objection for check in checks().values() for objection in check.look(night))
