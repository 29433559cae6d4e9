"""An address, a street, a crossing or a public place, to the published places that it may mean.

In: the published places, and what somebody typed, in English or Spanish. Out: places, the likeliest first. Only what
everybody can download is looked into: labels with their ranges of blocks. Nothing is said of the house itself, and a
block that no label names is never claimed: then the nearest blocks of that street are given, and called so.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from ckanext.cpdi.declare.streets import DIRECTIONS, KNOWN_DIRECTIONS, ONE_FORM

Match: TypeAlias = Literal["block", "street", "place"]
"""``block``: the number lies in the place's blocks; ``street``: another block of the street; ``place``: the words."""
MOST = 10
_NEAREST = 5
"""Other blocks of a street that are given for a number which no label names."""
_BLOCKS = re.compile(r"(?:(First|\d+)|(\d+) to (\d+)) blocks? of (.+)")
_RANGE = re.compile(r"\b(\d+) TO \d+(?= BLOCKS?\b)")
"""Blocks as labels have them: whoever takes a label from a table means its first block."""
_ROOM = re.compile(r"\b(?:APT|APARTMENT|UNIT|STE|SUITE|RM|ROOM|BLDG|APTO|APARTAMENTO|DEPTO|PISO)\b.*|#.*|,.*")
_WORD = re.compile(r"[A-Z0-9]+")
_ROADS = frozenset("HWY HIGHWAY US I SC SR CR RT RTE ROUTE INTERSTATE CARRETERA EXIT".split())
"""Words before a number that is a road's, and no house's."""
_EMPTY = frozenset(
    "BLOCK BLOCKS BLK OF THE AND AT NEARBY TO FIRST CUADRA CUADRAS BLOQUE DE DEL LA EL LOS LAS Y CON ESQUINA CERCA A"
    " ENTRE".split()
)
"""Words that tell no place from another."""
_SPANISH = {
    "CALLE": "ST", "AVENIDA": "AVE", "AVDA": "AVE", "BULEVAR": "BLVD", "CARRETERA": "HWY", "CAMINO": "RD",
    "CALLEJON": "ALY", "PASEO": "WALK", "PUENTE": "BR", "NORTE": "N", "SUR": "S", "ESTE": "E", "OESTE": "W",
    "PARQUE": "PARK", "ESCUELA": "SCHOOL", "ESTACION": "STATION",
}  # fmt: skip
_SPELLINGS = ONE_FORM | DIRECTIONS | _SPANISH | {"SAINT": "ST"}
_KINDS = frozenset((*ONE_FORM.values(), *KNOWN_DIRECTIONS))
"""Words that people leave out or mistake: the kind of a street, and a direction."""


class Found(NamedTuple):
    """A place as it is published, and what of the question it meets."""

    place: dict[str, Any]
    match: Match


class _Entry(NamedTuple):
    place: dict[str, Any]
    words: frozenset[str]
    first: int | None
    last: int
    """House numbers of its blocks; None for a place whose label names none."""


class PlaceSearch:
    """Finds places among ``places``, as their file has them; blocks have ``block_size`` house numbers."""

    def __init__(self, places: Iterable[dict[str, Any]], block_size: int) -> None:
        """Take the places; those that are no longer in use, and those without a label, are not looked for."""
        current = [place for place in places if not place["valid_to"] and place["label"]]
        self._entries = [_entry(place, block_size) for place in current]

    def find(self, text: str) -> list[Found]:
        """Return at most MOST places for ``text``; none where it has no word of any."""
        number, words = _read(text)
        met = self._with(words) or self._with([word for word in words if word not in _KINDS])
        if number is None:
            met.sort(key=lambda entry: (len(entry.words), entry.place["label"]))
            return [Found(entry.place, "place") for entry in met[:MOST]]
        exact = [entry for entry in met if entry.first is not None and entry.first <= number <= entry.last]
        if exact:
            return [Found(entry.place, "block") for entry in sorted(exact, key=_length)[:MOST]]
        met.sort(key=lambda entry: (_distance(entry, number), entry.place["label"]))
        return [Found(entry.place, "street") for entry in met[:_NEAREST]]

    def _with(self, words: Sequence[str]) -> list[_Entry]:
        """Return the entries that have all ``words``, of which the last may be the beginning of one."""
        if not words:
            return []
        sets = [self._of(word, is_last=place == len(words) - 1) for place, word in enumerate(words)]
        return [self._entries[number] for number in set[int].intersection(*sets)]

    def _of(self, word: str, *, is_last: bool) -> set[int]:
        """Return the numbers of the entries that have ``word``, or the one that is written most like it."""
        numbers = set(self._by_word.get(word, ()))
        if is_last and len(word) > 1:
            place = bisect_left(self._vocabulary, word)
            while place < len(self._vocabulary) and self._vocabulary[place].startswith(word):
                numbers |= self._by_word[self._vocabulary[place]]
                place += 1
        if not numbers and len(word) > 3:
            near = get_close_matches(word, self._vocabulary, n=1, cutoff=0.75)
            numbers = set(self._by_word[near[0]]) if near else numbers
        return numbers

    @cached_property
    def _by_word(self) -> dict[str, set[int]]:
        """The numbers of the entries by their words."""
        numbers: defaultdict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(self._entries):
            for word in entry.words:
                numbers[word].add(number)
        return dict(numbers)

    @cached_property
    def _vocabulary(self) -> list[str]:
        return sorted(self._by_word)


def _entry(place: dict[str, Any], block_size: int) -> _Entry:
    blocks = _BLOCKS.match(place["label"])
    if blocks is None:
        return _Entry(place, frozenset(_words(place["label"])), None, 0)
    single, first, last, street = blocks.groups()
    low = 0 if single == "First" else int(single or first)
    return _Entry(place, frozenset(_words(street)), low, int(last or low) + block_size - 1)


def _read(text: str) -> tuple[int | None, list[str]]:
    """Return the house number of what was typed, and its other words; what stands after a comma is a town."""
    plain = _RANGE.sub(r"\1", _plain(text))
    words = _WORD.findall(_ROOM.sub("", plain)) or _WORD.findall(plain)
    number = None
    for place, word in enumerate(words):
        if word.isdigit() and len(word) < 7 and not (place and words[place - 1] in _ROADS) and len(words) > 1:
            number = int(word)
            words = words[:place] + words[place + 1 :]
            break
    return number, list(dict.fromkeys(_spelled(words)))


def _words(label: str) -> list[str]:
    return _spelled(_WORD.findall(_plain(label)))


def _spelled(words: Iterable[str]) -> list[str]:
    return [_SPELLINGS.get(word, word) for word in words if word not in _EMPTY]


def _plain(text: str) -> str:
    """Return a text in capitals, without accents and apostrophes."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part) and part not in "'’.").upper()


def _length(entry: _Entry) -> tuple[int, int, str]:
    return entry.last - (entry.first or 0), len(entry.words), entry.place["label"]


def _distance(entry: _Entry, number: int) -> int:
    """Return how many house numbers lie between; a place without blocks comes last."""
    if entry.first is None:
        return 10**9
    return max(entry.first - number, number - entry.last, 0)
