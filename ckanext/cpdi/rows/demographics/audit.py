"""What a reader can find out about withheld counts, by reckoning with every number that is published beside them.

In: the cells of a year and its total. Out: of each withheld cell all the counts that it can have. That is exact for
whole numbers, so it is at least as strict as bounds by linear programming: a count that a program between two bounds
would allow, but which no whole numbers of the others complete, is not among them.

L. H. Cox, "Suppression methodology and statistical disclosure control", JASA 75 (1980), states the problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Mark: TypeAlias = Literal["", "fewer", "withheld"]
"""``fewer``: one or more, and fewer than the smallest that is shown. ``withheld``: it keeps company, or all are."""


@dataclass(frozen=True)
class Cell:
    """A count of a category as it is published; None where it has a mark."""

    category: str
    count: int | None
    mark: Mark = ""


def possible(cells: Sequence[Cell], total: int, smallest: int) -> Mapping[str, frozenset[int]]:
    """Return, by category, the counts that each withheld cell can have; a total of 1,000 takes some milliseconds.

    A set of sums is a whole number here, whose bit n stands for the sum n.
    """
    rest = total - sum(cell.count or 0 for cell in cells)
    hidden = [cell for cell in cells if cell.count is None]
    small = any(cell.mark == "fewer" for cell in hidden)
    domains = [_domain(cell.mark, rest, smallest, beside_small=small) for cell in hidden]
    values: dict[str, frozenset[int]] = {}
    for at, cell in enumerate(hidden):
        others = 1
        for place, domain in enumerate(domains):
            if place != at:
                others = _sums(others, domain, rest)
        counts = _members(domains[at])
        values[cell.category] = frozenset(count for count in counts if others >> (rest - count) & 1)
    return values


def exposed(cells: Sequence[Cell], total: int, smallest: int) -> list[str]:
    """Return the categories of which the published numbers tell too much.

    Of a small count that is more than that it is one of 1 to ``smallest`` - 1; of another withheld one, that it is one
    of fewer than ``smallest`` - 1 counts, where the people are not fewer themselves.
    """
    rest = total - sum(cell.count or 0 for cell in cells)
    small = {cell.category for cell in cells if cell.mark == "fewer"}
    enough = smallest - 1 if small else min(rest + 1, smallest - 1)
    counts = possible(cells, total, smallest)
    return [name for name, values in counts.items() if len(values) < (smallest - 1 if name in small else enough)]


def _domain(mark: str, rest: int, smallest: int, *, beside_small: bool) -> int:
    """Return which counts a cell can have by its mark alone, as bits."""
    if mark == "fewer":
        return _bits(range(1, min(smallest - 1, rest) + 1))
    every = (1 << (rest + 1)) - 1
    return every & ~_bits(range(1, smallest)) if beside_small else every


def _sums(some: int, others: int, largest: int) -> int:
    """Return the sums of one member of each set that are not above ``largest``."""
    sums = 0
    for member in _members(some):
        sums |= others << member
    return sums & ((1 << (largest + 1)) - 1)


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)


def _members(bits: int) -> list[int]:
    return [number for number in range(bits.bit_length()) if bits >> number & 1]
