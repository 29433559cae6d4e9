"""What is used of ckanext-harvest, which has no types of its own: to a type checker all of it is Any."""

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
    """Empty the dictionary in which ckanext-harvest gathers its actions and, after them, its rules of access.

    It is the same one for both, and for the whole life of the process: whoever gathered the actions again would find
    rules of access among them.
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
