"""Which counts of a year are withheld: the small ones, and others so that no difference gives the small ones away.

The total of a year is public, since its rows are. So a small count that is withheld alone is the total less the rest.
Others keep it company, taken in the declared order from the last category on, until all withheld counts together are
enough: the sum that k small counts can have at most, and the smallest count that is shown (s) on top, k(s - 1) + s.

Then nothing is learnt of a small count but that it is one of 1 to s - 1, also by who knows this code. Take any small
counts in place of the true ones: their sum is k(s - 1) at most, so with companions of zero in front of the last, the
sums before stay below the limit as they did, and the last companion, at least s, makes up the rest. Which companion is
next must not depend on its count: chosen by size, it would tell that those left out are larger. A companion itself may
turn out to be zero for who knows this code; there is nobody in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.cpdi.rows.demographics.audit import Cell, exposed


def fewest(categories: int, smallest: int) -> int:
    """Return of how many people on the categories of a year are told apart: one more than can all be in small ones.

    With fewer, nothing is shown but the total, whatever the counts: that all are withheld tells nothing of them.
    """
    return categories * (smallest - 1) + 1


def protect(counts: Mapping[str, int], smallest: int) -> tuple[Cell, ...]:
    """Return the counts of a year as they may be published, for a total that everybody knows.

    A zero is shown unless it keeps company: there is nobody to protect. Should the audit find that the rest tells too
    much of a count, all are withheld.
    """
    total = sum(counts.values())
    small = {name for name, count in counts.items() if 0 < count < smallest}
    company = companions(counts, small, smallest)
    cells = tuple(_cell(name, count, small, company) for name, count in counts.items())
    if total < fewest(len(counts), smallest) or exposed(cells, total, smallest):
        return tuple(Cell(name, None, "withheld") for name in counts)
    return cells


def companions(counts: Mapping[str, int], small: set[str], smallest: int) -> set[str]:
    """Return the categories that keep the ``small`` ones company; none where there are no small ones."""
    company: set[str] = set()
    withheld = sum(counts[name] for name in small)
    enough = len(small) * (smallest - 1) + smallest if small else 0
    for name in list(counts)[::-1]:
        if withheld < enough and name not in small:
            company.add(name)
            withheld += counts[name]
    return company


def _cell(name: str, count: int, small: set[str], company: set[str]) -> Cell:
    if name in small:
        return Cell(name, None, "fewer")
    return Cell(name, None, "withheld") if name in company else Cell(name, count)
