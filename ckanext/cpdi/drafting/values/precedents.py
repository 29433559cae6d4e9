"""How values were judged before: the code lists of the profiles that ship, and words that betray what is sensitive.

A proposal, never a judgement: of 116 sensitive values of one department, words alone missed 82. Whatever is proposed
waits for a person.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.declare import Classes, Code, Profile, Text
from ckanext.cpdi.drafting.phrases import phrase

_WORD = re.compile(r"[a-z0-9]+")
_IGNORED = frozenset("a an and by for in of on or the to with no not".split())
_SAME = 0.999
_ALIKE = 0.55
_AS_GOOD = 0.05
_USUAL_VALUES = 40
_NOTHING_LIKE = Text("nothing like it has been judged", "nada parecido se ha clasificado")


@dataclass(frozen=True)
class Proposal:
    """What is proposed of a value: its class and category, with what that rests on; ``code``: the one it is like."""

    privacy: str
    category: str
    basis: Text
    code: Code | None


class Precedents:
    """The judged values of one input, such as ``problem``, over several departments."""

    def __init__(self, profiles: Iterable[Profile], column: str, classes: Classes) -> None:
        """Take the codes that the profiles list for ``column``, and all others behind them."""
        self._classes = classes
        self._codes: list[tuple[Code, str]] = []
        for profile in profiles:
            names = {
                codes.list for feed in profile.datasets.values() for name, codes in feed.codes.items() if name == column
            }
            self._codes += [(code, profile.name) for name in sorted(names) for code in profile.lists[name].codes]
        self._words = [_words(f"{code.value} {code.meaning}") for code, _ in self._codes]
        self._values = [_words(code.value) for code, _ in self._codes]

    def familiar(self, counted: pl.DataFrame) -> float:
        """Return the share of the rows of ``counted`` (``value``, ``rows``) whose value is like a judged one; of the
        most usual values alone.
        """
        usual = counted.head(_USUAL_VALUES)
        rows = int(usual["rows"].sum())
        known = sum(count for value, count in usual.iter_rows() if self._knows(str(value)))
        return known / rows if rows else 0.0

    def _knows(self, value: str) -> bool:
        return float(self._scores(_words(value)).max(initial=0.0)) >= _ALIKE

    def _scores(self, words: frozenset[str]) -> npt.NDArray[np.float64]:
        """Return how much each judged value is like one of these words."""
        return np.array(
            [
                max(_dice(words, listed), 0.9 * _dice(words, full))
                for listed, full in zip(self._values, self._words, strict=True)
            ]
        )

    def propose(self, value: str) -> Proposal:
        """Return what is proposed of a value; the strictest class where nothing like it is known."""
        words = _words(value)
        by_word = self._by_word(words)
        scores = self._scores(words)
        best = float(scores.max(initial=0.0))
        if best < _ALIKE:
            if by_word:
                return by_word
            return Proposal(self._classes.strictest_name(0), "other", _NOTHING_LIKE, None)
        near = [self._codes[place] for place in np.flatnonzero(scores >= best - _AS_GOOD)]
        code, department = max(near, key=lambda pair: self._classes.bits[pair[0].privacy])
        how = Text("as", "como") if best >= _SAME else Text("like", "parecido a")
        basis = phrase(
            "{how} {value!r} of {department}",
            "{how} {value!r} de {department}",
            how=how,
            value=code.value,
            department=department,
        )
        proposal = Proposal(code.privacy, code.category, basis, code)
        if by_word and self._classes.bits[by_word.privacy] > self._classes.bits[proposal.privacy] and best < _SAME:
            return Proposal(by_word.privacy, code.category, by_word.basis, None)
        return proposal

    def _by_word(self, words: frozenset[str]) -> Proposal | None:
        """Return the strictest proposal that a word of the value gives."""
        hits = [
            Proposal(privacy, category, phrase("the word {stem}", "la palabra {stem}", stem=stem), None)
            for stem, privacy, category in _stems()
            if any(word.startswith(stem) for word in words)
        ]
        return max(hits, key=lambda hit: self._classes.bits[hit.privacy], default=None)


@cache
def _stems() -> Sequence[tuple[str, str, str]]:
    """Return the beginnings of words that give a class away, with the class and a category."""
    text = files("ckanext.cpdi.drafting.values").joinpath("words.csv").read_text(encoding="utf-8")
    return [(row["stem"], row["class"], row["category"]) for row in csv.DictReader(text.splitlines())]


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text.lower()) if word not in _IGNORED)


def _dice(some: frozenset[str], others: frozenset[str]) -> float:
    return 2 * len(some & others) / (len(some) + len(others)) if some and others else 0.0
