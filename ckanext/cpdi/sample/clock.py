"""Times of incidents by the weekly rhythm of a police department, as local wall time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

Instants = np.ndarray[Any, Any]
"""Instants as numpy's datetime64, local wall time."""

# Relative calls an hour of the day: quiet before dawn, a busy afternoon and evening.
_DAY = np.array([52, 44, 38, 28, 22, 22, 30, 46, 58, 64, 68, 72, 74, 74, 76, 82, 88, 92, 90, 84, 80, 76, 70, 62])
# Friday and Saturday nights are busier; Sunday is the quietest day (Monday first).
_WEEK = np.array([1.0, 1.0, 1.02, 1.04, 1.14, 1.1, 0.92])


def draw_times(count: int, end: datetime, days: float, rng: np.random.Generator) -> Instants:
    """Return ``count`` instants in the ``days`` before ``end``, sorted, in whole seconds."""
    length = max(1, int(np.ceil(days)))
    first = np.datetime64(end, "D") - length
    dates = first + np.arange(length)
    weekday = (dates.astype("datetime64[D]").astype(int) + 3) % 7
    weight = _WEEK[weekday]
    date = rng.choice(length, size=count, p=weight / weight.sum())
    hour = rng.choice(24, size=count, p=_DAY / _DAY.sum())
    second = rng.integers(0, 3600, count)
    times = dates[date].astype("datetime64[s]") + hour * 3600 + second
    return np.sort(times)


def stamps(times: Instants, pattern: str) -> np.ndarray[Any, Any]:
    """Return instants as texts in a strftime ``pattern``."""
    return pl.Series(times.astype("datetime64[ms]")).dt.strftime(pattern).to_numpy().astype(object)
