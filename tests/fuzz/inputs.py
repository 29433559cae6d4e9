"""Texts that are nearly right: seeds cut, joined, repeated and sprinkled, always the same for the same number."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from fuzz.grammars import GRAMMARS, Grammar
from fuzz.hostile import HOSTILE

_TOKEN = re.compile(r"\s+|[\w.]+|'[^']*'|.", re.DOTALL)
_CHARACTERS = "'\"\\;:()[]{},.*%_-+/<>=!~^&|@#$?` \t\n\x00\x1b\x7fé中\u202e\ud800\U0001f600"
_WORDS = (
    "AND OR NOT IN LIKE ILIKE BETWEEN IS NULL TRUE FALSE ESCAPE DATE TIMESTAMP INTERVAL CAST AS EXTRACT FROM"
    " SELECT WHERE UNION CASE WHEN THEN END EXISTS ANY ALL word tag pieces minutes happened day cleared beat"
    " OBJECTID _id NaN null -- /* */ $$ :: 1e999 0x1F 99999999999999999999 pg_sleep(1) current_user ::regclass"
    " ~ || <> E'\\\\' U&'\\\\0027'"
).split(" ")
_LONGEST = 20_000

Mutate = Callable[[random.Random, list[str]], list[str]]


def inputs(grammar: Grammar, seed: int, count: int) -> Iterator[str]:
    """Yield ``count`` texts for ``grammar``; a hundredth of them are the hostile ones as they are."""
    dice = random.Random(f"{grammar.name} {seed}")
    known = [*grammar.seeds * 4, *(text for other in GRAMMARS for text in other.seeds), *HOSTILE]
    pieces = [_TOKEN.findall(text) for text in known if len(text) < 2_000]
    for _ in range(count):
        if dice.random() < 0.01:
            yield dice.choice(HOSTILE)
            continue
        tokens = list(dice.choice(pieces[: len(grammar.seeds) * 4] if dice.random() < 0.7 else pieces))
        for _ in range(dice.choice((0, 1, 1, 2, 3, 8))):
            tokens = dice.choice(_MUTATIONS)(dice, tokens)
            if dice.random() < 0.2:
                other = dice.choice(pieces)
                tokens = tokens[: dice.randint(0, len(tokens))] + other[dice.randint(0, len(other)) :]
        yield "".join(tokens)[:_LONGEST]


def _drop(dice: random.Random, tokens: list[str]) -> list[str]:
    place = dice.randint(0, len(tokens))
    return tokens[:place] + tokens[place + dice.randint(1, 3) :]


def _repeat(dice: random.Random, tokens: list[str]) -> list[str]:
    place, length = dice.randint(0, len(tokens)), dice.randint(1, 6)
    times = dice.choice((2, 2, 2, 3, 50, 400))
    return (tokens[:place] + tokens[place : place + length] * times + tokens[place + length :])[:_LONGEST]


def _swap(dice: random.Random, tokens: list[str]) -> list[str]:
    if len(tokens) > 1:
        first, second = dice.randrange(len(tokens)), dice.randrange(len(tokens))
        tokens[first], tokens[second] = tokens[second], tokens[first]
    return tokens


def _insert(dice: random.Random, tokens: list[str]) -> list[str]:
    place = dice.randint(0, len(tokens))
    return [*tokens[:place], " ", dice.choice(_WORDS), " ", *tokens[place:]]


def _sprinkle(dice: random.Random, tokens: list[str]) -> list[str]:
    text = "".join(tokens)
    place = dice.randint(0, len(text))
    return _TOKEN.findall(text[:place] + dice.choice(_CHARACTERS) + text[place + dice.randint(0, 1) :])


def _wrap(dice: random.Random, tokens: list[str]) -> list[str]:
    before, after = dice.choice((("(", ")"), ("NOT (", ")"), ("'", "'"), ('"', '"'), ("[", "]"), ('{"a":', "}")))
    times = dice.choice((1, 1, 2, 30, 40))
    return [before * times, *tokens, after * times]


_MUTATIONS: tuple[Mutate, ...] = (_drop, _repeat, _swap, _insert, _insert, _sprinkle, _sprinkle, _wrap)
