"""The parts of ckanext-harvest that are used here. It has no types of its own, so a type checker sees them as Any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ckan.plugins.interfaces import Interface

    queue: Any
    _get_logic_functions: Any

    class HarvestJobExists(Exception):
        """As in ckanext-harvest."""

    class HarvestGatherError(Any):
        """As in ckanext-harvest."""

    class HarvestJob(Any):
        """As in ckanext-harvest."""

    class HarvestObject(Any):
        """As in ckanext-harvest."""

    class HarvestObjectError(Any):
        """As in ckanext-harvest."""

    class HarvestObjectExtra(Any):
        """As in ckanext-harvest."""

    class HarvestSource(Any):
        """As in ckanext-harvest."""

    class IHarvester(Interface):
        """As in ckanext-harvest."""


else:
    from ckanext.harvest import queue
    from ckanext.harvest.interfaces import IHarvester
    from ckanext.harvest.logic import HarvestJobExists
    from ckanext.harvest.model import (
        HarvestGatherError,
        HarvestJob,
        HarvestObject,
        HarvestObjectError,
        HarvestObjectExtra,
        HarvestSource,
    )
    from ckanext.harvest.plugin import _get_logic_functions


def forget_gathered() -> None:
    """Empty the dictionary in which ckanext-harvest gathers its actions and, after them, its auth functions.

    It uses the same dictionary for both, as long as the process lives: gathering the actions again would find auth
    functions among them.
    """
    (gathered,) = _get_logic_functions.__defaults__
    gathered.clear()


__all__ = [
    "HarvestGatherError",
    "HarvestJob",
    "HarvestJobExists",
    "HarvestObject",
    "HarvestObjectError",
    "HarvestObjectExtra",
    "HarvestSource",
    "IHarvester",
    "forget_gathered",
    "queue",
]
