"""Snapshot files: a dataset's published rows in every format, whole and by year, each with its Data Package.

In: the table, through the role that may only read. Out: files on a shelf, which the downloads service hands out.
"""

from ckanext.cpdi.publish.site import Licence, Site
from ckanext.cpdi.publish.snapshot import SnapshotError, build

__all__ = ["Licence", "Site", "SnapshotError", "build"]
