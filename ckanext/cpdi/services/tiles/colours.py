"""The colours of a table's categories on a map: few enough that everybody can tell them apart.

In: the categories' names, with their rows that have a point. Out: which have a colour of their own; the others share
grey. The seven are Okabe and Ito's (https://jfly.uni-koeln.de/color/), with an ink in place of yellow and black, which
are lost on white and among outlines; a test holds their distances for the common kinds of colour blindness.
"""

from __future__ import annotations

from collections.abc import Mapping

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#3b1f6e")
OTHER = "#d0d5dc"


def choose(rows: Mapping[str, int]) -> dict[str, str]:
    """Return the categories that have a colour, with it, in alphabetical order; those with most of ``rows`` have one.

    As long as the same categories lead, each keeps its colour, however they change places.
    """
    leading = sorted(rows, key=lambda name: (-rows[name], name))[: len(COLOURS)]
    return dict(zip(sorted(leading), COLOURS, strict=False))
