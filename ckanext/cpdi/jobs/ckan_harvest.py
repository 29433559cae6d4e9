"""What is used of ckanext-harvest, which has no types of its own: to a type checker all of it is Any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ckan.plugins.interfaces import Interface

    queue: Any

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

__all__ = [
    "HarvestGatherError",
    "HarvestJob",
    "HarvestJobExists",
    "HarvestObject",
    "HarvestObjectError",
    "HarvestObjectExtra",
    "HarvestSource",
    "IHarvester",
    "queue",
]
