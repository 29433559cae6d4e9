"""What a search has to show, whatever it is: sections of hits, each with its way to more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hit:
    """One thing that was looked for: ``title`` leads to ``url``, which is empty where nothing more can be seen."""

    title: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class Section:
    """The first hits of one kind, how many there are in all, and where all of them stand (empty: here)."""

    name: str
    title: str
    total: int
    hits: tuple[Hit, ...]
    more: str = ""
