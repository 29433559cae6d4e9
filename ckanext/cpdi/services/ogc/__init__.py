"""OGC API Features on the tables: parts 1 (core), 2 (reference systems) and 3 (filters in CQL2).

In: requests below ``/ogc``. Out: documents and features as JSON, and pages of the same for people. The routes stand in
:mod:`ckanext.cpdi.services.ogc_features`; a collection is a table, with all of its rows.
"""
