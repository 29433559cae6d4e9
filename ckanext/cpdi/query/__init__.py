"""The filter of rows: one tree, the grammars that it is parsed from, and what it is written as.

In: the text of a protocol's filter, and the columns of a table. Out: a :mod:`.tree` whose values have the types of
their columns; parameterised SQL (:mod:`.writers.sql`) or a link (:mod:`.writers.link`) of it. No text of a reader
becomes part of a statement.
"""
