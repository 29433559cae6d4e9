"""A column that a feed does not have under one header, and that is made of the columns that it has."""

from __future__ import annotations

import re

from msgspec import Struct

from ckanext.cpdi.declare.tables.field import check_pattern

KINDS = ("join", "part", "latitude", "longitude")


class Made(Struct, frozen=True, forbid_unknown_fields=True):
    """How a column is made; one of the four kinds.

    ``join``: the texts of several headers, with ``separator`` between those that are not empty. ``part``: what the
    group of ``pattern`` finds in the text of a header; a text in which it finds nothing stays as it is. ``latitude``
    and ``longitude``: those of the point that a header's cell holds: ``(lat, lon)``, ``{latitude, longitude}``,
    GeoJSON or WKT. ``longitude_first`` says that two bare numbers are in the other order.
    """

    join: tuple[str, ...] = ()
    separator: str = " "
    part: str = ""
    pattern: str = ""
    latitude: str = ""
    longitude: str = ""
    longitude_first: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a rule of no kind or of several, and for a pattern without its one group."""
        named = [kind for kind in KINDS if getattr(self, kind)]
        if len(named) != 1:
            words = " and ".join(named) or "nothing of it"
            raise ValueError(f"it is made in one of the ways {', '.join(KINDS)}, and {words} stands there")
        if bool(self.part) != bool(self.pattern):
            raise ValueError("part and pattern stand together: the header, and what is taken of its text")
        check_pattern(self.pattern)
        if self.part and re.compile(self.pattern).groups != 1:
            raise ValueError(f"pattern: {self.pattern!r} has to have one group in ( ), which is what is taken")

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return next(kind for kind in KINDS if getattr(self, kind))

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that it is made of."""
        return self.join or (self.part or self.latitude or self.longitude,)


def made_header(column: str) -> str:
    """Return the name of a made column among the headers of a feed."""
    return f"{column} (made)"
