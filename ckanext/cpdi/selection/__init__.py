"""Answers to questions on one table: rows, counts, ids, extents, statistics, all of one version of the data.

In: a question of :mod:`ckanext.cpdi.query`. Out: tuples in the order of what was asked. Protocols put them into their
forms; nothing here knows any of them, nor CKAN.
"""
