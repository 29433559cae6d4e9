"""Addresses of mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADDRESS = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of addresses."""
    for match in _ADDRESS.finditer(text):
        yield match.span()
