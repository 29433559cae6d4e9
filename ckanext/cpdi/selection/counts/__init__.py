"""Counts of a table's rows under a filter, by day or month: of each dimension without its own condition.

In: a reader and a condition. Out: numbers for charts, lists of filters and a timeline (:mod:`.answer`).
"""
