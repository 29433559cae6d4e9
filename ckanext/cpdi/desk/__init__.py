"""What the records desk does: deny and release, judge risks, compare with an older portal, make places, replace a demo.

In: a person's wish, from a page or a command. Out: what was done, in words.
"""
