"""The words that a department writes in a column: those that its profile translates, else those that are declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Profile

Words = np.ndarray[Any, Any]


def words(profile: Profile, table: str, column: str, declared: Sequence[str]) -> tuple[str, ...]:
    """Return the words of ``column`` of ``table``, at least one; an empty text is none."""
    translated: Mapping[str, str] = profile.feed(table).values.get(column, {})
    return tuple(filter(None, translated)) or tuple(declared)


def draw(choices: Sequence[str], count: int, rng: np.random.Generator) -> Words:
    """Draw ``count`` of ``choices``, each half as often as the one before it, and the rarest as its neighbour."""
    weight = np.maximum(0.5 ** np.arange(len(choices)), 0.02)
    return np.array(choices, dtype=object)[rng.choice(len(choices), size=count, p=weight / weight.sum())]


def draw_people(count: int, rng: np.random.Generator) -> tuple[Words, Words]:
    """Draw race and sex of ``count`` people, as forms abbreviate them; the rare ones are few in a year."""
    return draw(("W", "B", "H", "A", "U"), count, rng), draw(("M", "F", "U"), count, rng)


def numbered(prefix: str, count: int) -> Words:
    """Return ``count`` texts that count up behind ``prefix``."""
    numbers = pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(6)
    return (prefix + numbers).to_numpy().astype(object)
