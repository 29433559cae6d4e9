"""A narrow columnar file of each version, from which counts, statistics and cells are answered.

In: the rows of a table in one version. Out: an uncompressed Arrow file ``columns.VERSION.SHAPE.arrow`` beside the files
of that version, which processes map into memory. It is none of the downloads, and comes and goes with them.
"""
