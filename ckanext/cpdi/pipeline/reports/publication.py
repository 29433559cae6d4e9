"""The work after a run of a series, and after each decision of staff: files and catalogue follow the archive."""

from __future__ import annotations

from ckanext.cpdi import config
from ckanext.cpdi.declare import Profile
from ckanext.cpdi.errors import Said
from ckanext.cpdi.pipeline.publish import follow_up
from ckanext.cpdi.pipeline.reports import shelf


def publish(series: str, profile: Profile) -> tuple[bool, bool]:  # noqa: ARG001  as tables are followed
    """Bring files and page of ``series`` to what its archive says; cheap where they are already.

    Returns that no file was built, and whether the package was updated. Raises FollowUpError where they could not
    follow; every tick tries again.
    """
    from ckanext.cpdi.catalog.reports import refresh

    archive = Said("The archive of {series}", series=series)
    with config.store() as store, follow_up(archive, Said("files")):
        shelf.settle(store, series)
    with follow_up(archive, Said("page")):
        return False, refresh(series)
