"""A figure of a report, and what speaks against one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from ckanext.cpdi.reports.tables.fault import Fault

Key = tuple[str, str, str]
"""Area, offence and window: what a figure of one report is named by."""


class Figure(Struct, frozen=True):
    """What a report says of one offence in one area over one window; ``change`` in per cent, with its digits."""

    area: str
    offence: str
    window: str
    current: int
    prior: int
    change: Decimal | None
    page: int

    @property
    def key(self) -> Key:
        """The figure's name within its report."""
        return self.area, self.offence, self.window


class Held(NamedTuple):
    """A figure that is not published, and why: the fault may be in another figure of its sum."""

    key: Key
    fault: Fault


class Figures(Struct, frozen=True):
    """The figures of one report whose windows end with ``end``, and what speaks against some of them."""

    end: date
    figures: tuple[Figure, ...]
    held: tuple[Held, ...] = ()
    unread: tuple[Fault, ...] = ()
    """Rows of tables that could not be read."""

    @property
    def accepted(self) -> tuple[Figure, ...]:
        """The figures that nothing speaks against."""
        against = {held.key for held in self.held}
        return tuple(figure for figure in self.figures if figure.key not in against)
