"""A first profile of a department, drafted from a real export, and the effect of a profile on one.

In: feed files and the declared datasets. Out: :class:`~.draft.Draft`, which :func:`~.document.write` puts into a folder
with what each line rests on; or :class:`~.check.Effect`, what would be published, withheld and quarantined. Nothing is
loaded. What is proposed of privacy counts for nothing until a person has confirmed it: a value that nobody judged
withholds its rows. No cell of a feed but the values of code lists comes out of this room.
"""
