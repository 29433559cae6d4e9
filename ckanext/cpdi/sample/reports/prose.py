"""Sentences of the synthetic reports: lists of sentences with gaps in, sentences of invented events out."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from ckanext.cpdi.sample.city import street_names

_WORDS = Path(__file__).with_name("words.yaml")
_GAP = re.compile(r"\{(\w+)\}")
_STREETS = 220


class Prose:
    """Sentences in an order that ``key`` decides: no sentence of a list comes back before all of it were used."""

    def __init__(self, key: str) -> None:
        """Begin with every list unused."""
        self._random = random.Random(key)  # noqa: S311  no secret: the same key gives the same report
        self._rest: dict[str, list[str]] = {}

    def say(self, name: str, **given: object) -> str:
        """Return a sentence of the list ``name``; ``given`` fills gaps that lists do not."""
        return _capital(self._fill(self._next(name), given))

    def text(self, name: str, sentences: int, **given: object) -> str:
        """Return ``sentences`` sentences of the list ``name``."""
        return " ".join(self.say(name, **given) for _ in range(sentences))

    def pick(self, choices: Sequence[str]) -> str:
        """Return one of ``choices``."""
        return self._random.choice(choices)

    def _fill(self, sentence: str, given: Mapping[str, object]) -> str:
        def word(gap: re.Match[str]) -> str:
            name = gap[1]
            return str(given[name]) if name in given else self._fill(self._next(name), given)

        return _GAP.sub(word, sentence)

    def _next(self, name: str) -> str:
        rest = self._rest.get(name)
        if not rest:
            rest = self._rest[name] = list(_lists()[name])
            self._random.shuffle(rest)
        return rest.pop()


def rare_phrase(number: int) -> str:
    """Return three words that no other ``number`` below 8,000 has: a colour, a bird and a thing."""
    lists = _lists()
    colours, birds, things = lists["colour"], lists["bird"], lists["thing"]
    number, colour = divmod(number, len(colours))
    number, bird = divmod(number, len(birds))
    return f"{colours[colour]} {birds[bird]} {things[number % len(things)]}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


@cache
def _lists() -> Mapping[str, Sequence[str]]:
    lists = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return {**lists["words"], **lists["sentences"], "street": street_names(_STREETS)}
