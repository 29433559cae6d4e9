"""Small charts as paths of SVG, drawn by the templates: one column a night or a month, in a box of 100 units' height.

A path is drawn without keeping its proportions, so that it fills any width; texts are outside of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

HEIGHT = 100
WIDTH = 0.84
"""Share of its place that a column fills."""
_LEAST = 1.5
"""Height of the smallest column that is not nothing, so that it can be seen."""


def columns(values: Sequence[float | None], top: float, base: Sequence[float] = (), width: float = WIDTH) -> str:
    """Return a path with a column for each of ``values`` on a scale from 0 to ``top``; none for None and for 0.

    ``base`` is the value at which each column begins, for stacked columns; ``width`` the share of its place that a
    column fills.
    """
    parts: list[str] = []
    for place, value in enumerate(values):
        if value and top > 0:
            foot = HEIGHT - HEIGHT * min((base[place] if base else 0) / top, 1)
            height = min(max(HEIGHT * value / top, _LEAST), HEIGHT)
            parts.append(f"M{place} {_short(foot)}v{_short(-height)}h{width:g}v{_short(height)}z")
    return "".join(parts)


def marks(places: Iterable[int], height: int = HEIGHT, width: float = WIDTH) -> str:
    """Return a path with a column of ``height`` at each of ``places``."""
    return "".join(f"M{place} {HEIGHT}v-{height}h{width:g}v{height}z" for place in places)


def scale(values: Iterable[float | None]) -> float:
    """Return a round number that no value exceeds: 1, 2 or 5 times a power of ten; 1 where all are 0."""
    most = max((value for value in values if value), default=0)
    if most <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(most))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= most)


def _short(value: float) -> str:
    """Return a number with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
