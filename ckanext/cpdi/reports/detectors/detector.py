"""What a detector is: a kind, and a function from a text to the places where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from ckanext.cpdi.reports.report import Kind

Span = tuple[int, int]
"""The first character of a place in a text, and the first behind it."""


class Detector(Struct, frozen=True):
    """``find`` yields the places of what is of the ``kind``, from left to right."""

    kind: Kind
    find: Callable[[str], Iterator[Span]]
