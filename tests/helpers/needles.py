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
_HEAP = 32_000_000
"""Bytes of which a search is made at once."""
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


_BEHIND = ("00", *" ,;|\t\r\n)]}\"'<&")
"""What stands behind a number of five digits, if it is one: a corner of a published area may begin with the same."""


def number(value: float) -> Iterator[bytes]:
    """The spellings of a coordinate of seven digits: with all of them, as a scaled integer, and as float8."""
    yield f"{value:.7f}".encode()
    yield str(round(abs(value) * 10**7)).encode()
    yield from _packed(value)


def rounded(value: float) -> Iterator[bytes]:
    """The spellings of a coordinate to the metre: five digits and no more, and as float8."""
    yield from (f"{value:.5f}{behind}".encode() for behind in _BEHIND)
    yield from _packed(round(value, 5))


def _packed(value: float) -> Iterator[bytes]:
    """A float8 and its hexadecimal."""
    for order in "<>":
        packed = struct.pack(f"{order}d", value)
        yield packed
        yield packed.hex().encode()


def point(longitude: float, latitude: float) -> Iterator[bytes]:
    """The spellings of an exact point, also to the metre, and in Web Mercator."""
    for value in (longitude, latitude):
        yield from number(value)
        yield from rounded(value)
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

    def found(self, hay: Iterable[tuple[str, bytes]]) -> list[tuple[str, str]]:
        """Which secrets stand in which places of ``hay``, in order, in capitals or small letters."""
        return sorted({one for heap in _heaps(hay) for one in self._in_heap(heap)})

    def _in_heap(self, heap: list[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
        texts = pl.Series([data.decode("latin-1") for _, data in heap])  # a character a byte

        def holding(texts: pl.Series, spellings: Iterable[bytes]) -> list[int]:
            sought = [one.decode("latin-1") for one in spellings]
            return texts.str.contains_any(sought, ascii_case_insensitive=True).arg_true().to_list()

        some = holding(texts, (one for spellings in self.spellings.values() for one in spellings))
        for name, spellings in self.spellings.items() if some else ():
            yield from ((name, heap[some[at]][0]) for at in holding(texts[some], spellings))


def _heaps(hay: Iterable[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """``hay`` in heaps of some megabytes: what seeks all spellings in one pass takes longer to make than to run."""
    heap, size = [], 0
    for place, data in hay:
        heap.append((place, data))
        size += len(data)
        if size > _HEAP:
            yield heap
            heap, size = [], 0
    if heap:
        yield heap
