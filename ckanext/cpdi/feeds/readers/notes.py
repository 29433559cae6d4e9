"""Lines of a table's file that are no rows of it: ``Total: 1,234``, ``(1234 rows affected)``, ``Source: …``."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_CELLS = 2
"""Filled cells of a note: a word and a figure."""


class Notes:
    """Knows notes by how they begin; case does not matter."""

    def __init__(self, beginnings: Sequence[str]) -> None:
        """Take the profile's beginnings; with none no line is a note."""
        self._beginnings = tuple(beginning.strip().casefold() for beginning in beginnings if beginning.strip())

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._beginnings)

    def begins(self, text: str) -> bool:
        """Say whether a line, or its first cell, begins as a note."""
        return text.lstrip(' \t"').casefold().startswith(self._beginnings) if self._beginnings else False

    def is_note(self, cells: Sequence[object]) -> bool:
        """Say whether a row of a table is a note: it begins so, and hardly another cell of it is filled."""
        if not self._beginnings:
            return False
        filled = [cell for cell in cells if cell not in ("", None)]
        return bool(filled) and len(filled) <= _MOST_CELLS and self.begins(str(filled[0]))
