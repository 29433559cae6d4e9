"""Marked secrets, and every spelling in which a system may have written them down."""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

_EARTH = 6378137.0
_POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def text(value: str) -> Iterator[bytes]:
    """The spellings of a text of ASCII letters, digits and blanks: plain, UTF-16, hexadecimal, base64, in a URL."""
    plain = value.encode("ascii")
    yield plain
    yield value.encode("utf-16-le")
    yield value.encode("utf-16-be")
    yield plain.hex().encode()
    yield value.replace(" ", "%20").encode()
    yield value.replace(" ", "+").encode()
    for shift in range(3):  # where in a group of three bytes the text begins; what its neighbours change is left out
        coded = base64.b64encode(b"\0" * shift + plain)
        yield coded[(0, 2, 3)[shift] : len(coded) // 4 * 4 - 4]


def number(value: float, digits: int) -> Iterator[bytes]:
    """The spellings of a coordinate: with all its digits, as a scaled integer, as float8 and its hexadecimal."""
    yield f"{value:.{digits}f}".encode()
    yield str(round(abs(value) * 10**digits)).encode()
    for order in "<>":
        packed = struct.pack(f"{order}d", value)
        yield packed
        yield packed.hex().encode()


def point(longitude: float, latitude: float) -> Iterator[bytes]:
    """The spellings of an exact point, also to the metre, and in Web Mercator."""
    for value in (longitude, latitude):
        yield from number(value, 7)
        yield from number(round(value, 5), 5)
    x = math.radians(longitude) * _EARTH
    y = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) * _EARTH
    for value in (x, y):
        yield f"{value:.3f}".encode()
        yield from (struct.pack(f"{order}d", value) for order in "<>")


def minute(moment: datetime, zone: str) -> Iterator[bytes]:
    """The spellings of an exact minute: on the department's clock and in UTC, as text and as counted seconds."""
    for clock in (moment.astimezone(ZoneInfo(zone)), moment.astimezone(UTC)):
        for form in (
            "%Y-%m-%d %H:%M",
            "%Y-%m-%dT%H:%M",
            "%m/%d/%Y %H:%M",
            "%Y-%m-%d+%H:%M",
            "%Y%m%d%H%M",
            "%Y%m%dT%H%M",
        ):
            yield clock.strftime(form).encode()
    seconds = int(moment.timestamp())
    yield str(seconds).encode()
    since = int((moment - _POSTGRES_EPOCH).total_seconds())
    for counted in (seconds * 1000, seconds * 1_000_000, since * 1_000_000):
        yield str(counted).encode()
        yield from (struct.pack(f"{order}q", counted) for order in "<>")


def house(street_number: str, street: str) -> Iterator[bytes]:
    """The spellings of a house number with its street, in both orders and with whatever may stand between."""
    for between in (" ", "  ", "|", ",", ":", "_", "-", "\t", "/", ""):
        yield from text(f"{street_number}{between}{street}")
        yield f"{street} st{between}{street_number}".encode()
        yield f"{street}{between}{street_number}".encode()


@dataclass(frozen=True)
class Needles:
    """``spellings`` are those of each secret, by its name."""

    spellings: Mapping[str, tuple[bytes, ...]]

    @classmethod
    def of(cls, secrets: Mapping[str, Iterable[bytes]]) -> Needles:
        """Take the secrets' spellings of eight bytes and more: seven digits stand in any gigabyte by chance."""
        return cls({name: tuple({one for one in found if len(one) >= 8}) for name, found in secrets.items()})

    def within(self, data: bytes) -> set[str]:
        """The names of the secrets that stand in ``data``, in capitals or small letters."""
        text = pl.Series([data.decode("latin-1")])  # a character a byte: all spellings are sought in one pass

        def holds(spellings: Iterable[bytes]) -> bool:
            sought = [one.decode("latin-1") for one in spellings]
            return text.str.contains_any(sought, ascii_case_insensitive=True)[0]

        if not holds(one for spellings in self.spellings.values() for one in spellings):
            return set()
        return {name for name, spellings in self.spellings.items() if holds(spellings)}
