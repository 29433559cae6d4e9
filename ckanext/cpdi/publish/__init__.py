"""Snapshot files: a dataset's published rows in every format, whole and by year, each with its Data Package.

In: the table, through the role that may only read. Out: files on a shelf, which the downloads service hands out.

Nothing is imported here: pages and downloads need to know what lies on the shelf, not what writes it
(:mod:`ckanext.cpdi.publish.snapshot`), which takes long to load.
"""
