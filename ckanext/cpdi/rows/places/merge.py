"""Joining groups that are too small to their neighbours, until none is left.

Deterministic, and independent of the order of the rows: the smallest goes first, ties go by name.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from math import cos, radians

import numpy as np

from ckanext.cpdi.rows.places.group import SCALE, Group

_FAR_METRES = 1500.0
"""A neighbour on the same street that is farther away is none: two streets have one name, or a house lies alone."""
_METRES_A_PART = 111_320.0 / SCALE


def merged(groups: list[Group], fewest: int) -> list[Group]:
    """Return the groups with every one that is not whole joined to a neighbour.

    What cannot be joined to anything (no point and no other house on its street) is left out.
    """
    return _Merger(groups).run(fewest)


class _Merger:
    """Groups by number, with their positions in metres as arrays; NaN where there is none or the group is gone."""

    def __init__(self, groups: list[Group]) -> None:
        self._groups: dict[int, Group] = dict(enumerate(groups))
        self._x = np.full(len(groups), np.nan)
        self._y = np.full(len(groups), np.nan)
        latitudes = [group.y / group.points / SCALE for group in groups if group.points]
        # Any fixed latitude of the department will do; the least is the same whatever the order of the rows.
        self._narrow = cos(radians(min(latitudes))) if latitudes else 1.0
        self._on_street: dict[str, set[int]] = defaultdict(set)
        for number, group in self._groups.items():
            self._place(number)
            for street in group.streets:
                self._on_street[street].add(number)

    def run(self, fewest: int) -> list[Group]:
        """Join until every group is whole or alone."""
        queue = [(group.addresses, number) for number, group in self._groups.items() if not group.is_whole(fewest)]
        heapq.heapify(queue)
        while queue:
            addresses, number = heapq.heappop(queue)
            group = self._groups.get(number)
            if group is None or group.addresses != addresses or group.is_whole(fewest):
                continue
            partner = self._neighbour(number)
            self._remove(number)
            if partner is None:
                continue
            self._groups[partner].take(group)
            self._place(partner)
            for street in group.streets:
                self._on_street[street].add(partner)
            if not self._groups[partner].is_whole(fewest):
                heapq.heappush(queue, (self._groups[partner].addresses, partner))
        return sorted(self._groups.values(), key=lambda group: group.keys)

    def _neighbour(self, number: int) -> int | None:
        """Return the group to join: the nearest on one of its streets, else of all; by house number without a point."""
        group = self._groups[number]
        same = {other for street in group.streets for other in self._on_street[street]} - {number}
        if group.points:
            nearest = self._nearest(number, same, _FAR_METRES)
            return nearest if nearest is not None else self._nearest(number, None, np.inf)
        near = [(self._houses_between(group, self._groups[other]), other) for other in same]
        return min(near)[1] if near else None

    def _nearest(self, number: int, among: Iterable[int] | None, limit: float) -> int | None:
        """Return the nearest group with a point; of equally near ones the first by name."""
        places = np.arange(len(self._x)) if among is None else np.array(sorted(among), dtype=np.int64)
        if not len(places):
            return None
        distance = np.hypot(self._x[places] - self._x[number], self._y[places] - self._y[number])
        distance[np.isnan(distance) | (places == number)] = np.inf
        best = int(np.argmin(distance))
        return int(places[best]) if distance[best] <= limit and np.isfinite(distance[best]) else None

    @staticmethod
    def _houses_between(group: Group, other: Group) -> int:
        """Return how far apart two groups are by the house numbers of a street that both have."""
        gaps = [
            abs(mine - theirs)
            for street, blocks in group.blocks.items()
            for mine in blocks
            for theirs in other.blocks.get(street, ())
        ]
        return min(gaps, default=1_000_000)

    def _place(self, number: int) -> None:
        centre = self._groups[number].centre
        if centre:
            self._x[number] = centre[0] * _METRES_A_PART * self._narrow
            self._y[number] = centre[1] * _METRES_A_PART

    def _remove(self, number: int) -> None:
        group = self._groups.pop(number)
        self._x[number] = self._y[number] = np.nan
        for street in group.streets:
            self._on_street[street].discard(number)
