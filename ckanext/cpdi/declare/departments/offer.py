"""What a department publishes: the datasets for which its profile has a feed, and the reports that it names."""

from __future__ import annotations

from ckanext.cpdi.declare.departments.profile import Profile
from ckanext.cpdi.declare.library import Library
from ckanext.cpdi.declare.tables.dataset import Dataset


def offer(profile: Profile, library: Library) -> tuple[Dataset, ...]:
    """Return the datasets of the department of ``profile``, in the order of the home page."""
    names = {*profile.reports, *(library.owner(name) for name in profile.datasets)}
    return tuple(dataset for name, dataset in library.datasets.items() if name in names)
