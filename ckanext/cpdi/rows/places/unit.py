"""One unit on its way into the places file, and the addresses that find it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ckanext.cpdi.rows.places.label import Precision


@dataclass
class Unit:
    """``point`` in metres, None where nobody knows it; ``names``: its area in each layer, the team among them."""

    label: str | None
    precision: Precision
    names: dict[str, str | None]
    addresses: int
    point: tuple[float, float] | None = None
    width: float | None = None
    has_ground: bool = False


@dataclass(frozen=True)
class Key:
    """An address in plain, on its way to be hashed, and a unit that it may be in.

    ``low``, ``high``, ``parity``: the house numbers that a reference gives; ``share``: how many of the addresses with
    this key are in the unit, from 0 to 1.
    """

    text: str
    unit: int
    share: float = 1.0
    low: int | None = None
    high: int | None = None
    parity: int | None = None


@dataclass
class Draft:
    """Units by number, and keys."""

    units: list[Unit] = field(default_factory=list[Unit])
    keys: list[Key] = field(default_factory=list[Key])

    def add(self, unit: Unit) -> int:
        """Take a unit; return its number."""
        self.units.append(unit)
        return len(self.units) - 1


def block_key(street: str, block: int) -> str:
    """Return the key of a block, which begins with house number ``block``."""
    return f"{street}|{block}"


def house_key(street: str, block: int, number: int) -> str:
    """Return the key of one house."""
    return f"{street}|{block}|{number}"


def crossing_key(street: str, cross: str) -> str:
    """Return the key of a crossing of two streets, in the order of their names."""
    return f"{street} / {cross}"
