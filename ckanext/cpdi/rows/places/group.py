"""A group of blocks, streets and intersections on its way to being a unit, and what a finished unit is called."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.rows.places.address import title

SCALE = 100_000
"""Points are whole numbers of this part of a degree."""


@dataclass
class Group:
    """Some keys. ``named``: the streets whose names may be shown; ``blocks``: first house numbers by street;
    ``weight``: addresses by street; ``x``, ``y``: the sums of the ``points``; ``teams``: how many points each team has;
    ``crossing``: an intersection is among the keys; ``hidden``: it may not stand alone.
    """

    keys: list[str]
    streets: set[str]
    named: set[str]
    blocks: dict[str, set[int]]
    crossing: bool
    weight: dict[str, int]
    addresses: int
    points: int
    x: int
    y: int
    teams: dict[str, int]
    hidden: bool = False

    @property
    def centre(self) -> tuple[float, float] | None:
        """The mean of the points, in parts of a degree; None where no address has one."""
        return (self.x / self.points, self.y / self.points) if self.points else None

    def is_whole(self, fewest: int) -> bool:
        """Return whether the group may be a unit: enough addresses, a name to show, nothing to hide."""
        return self.addresses >= fewest and not self.hidden and bool(self.named)

    def take(self, other: Group) -> None:
        """Join ``other`` into this group."""
        self.keys = sorted([*self.keys, *other.keys])
        self.streets |= other.streets
        self.named |= other.named
        for street, blocks in other.blocks.items():
            self.blocks[street] = self.blocks.get(street, set()) | blocks
        for mine, theirs in ((self.weight, other.weight), (self.teams, other.teams)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count
        self.crossing |= other.crossing
        self.addresses += other.addresses
        self.points += other.points
        self.x += other.x
        self.y += other.y
        self.hidden = False


def labelled(group: Group) -> dict[str, object]:
    """Return what is published of a unit: label, precision, point, team, number of addresses."""
    label, precision = _label(group)
    centre = group.centre
    return {
        "label": label,
        "precision": precision,
        "longitude": round(centre[0] / SCALE, 5) if centre else None,
        "latitude": round(centre[1] / SCALE, 5) if centre else None,
        "team": min(group.teams, key=lambda team: (-group.teams[team], team)) if group.teams else None,
        "addresses": group.addresses,
    }


def _label(group: Group) -> tuple[str, str]:
    """Return the words for a unit and its location_precision; names that are not streets' are left out."""
    shown = sorted(
        (street for street in group.weight if street in group.named), key=lambda street: (-group.weight[street], street)
    )
    if not shown:
        names = sorted(group.named)
        words = " and ".join(title(name) for name in names[:2])
        return (words, "intersection") if len(group.keys) == 1 else (f"{words} and nearby", "area")
    main = shown[0]
    # The street without a number is somewhere along it, so that its blocks would say too much.
    blocks = () if main in group.keys else group.blocks.get(main, ())
    words, precision = _stretch(main, sorted(blocks))
    if len(group.weight) > 1:
        return f"{words} and nearby", "area"
    return words, precision


def _stretch(street: str, blocks: list[int]) -> tuple[str, str]:
    """Return the words for blocks of one street."""
    name = title(street)
    if not blocks:
        return name, "segment"
    if len(blocks) == 1:
        return f"{blocks[0]} block of {name}" if blocks[0] else f"First block of {name}", "block"
    return f"{blocks[0] or 1} to {blocks[-1]} blocks of {name}", "segment"
