"""Words with boxes put together into lines of cells, as they are seen on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from ckanext.cpdi.reports.report import Word

_SAME_LINE = 0.5
"""Part of a word's height by which the middles of two words of one line differ at most."""
_SAME_CELL = 0.55
"""Part of a word's height that lies between two words of one cell at most; a blank is about a quarter."""


class Cell(Struct, frozen=True):
    """Words that stand close together; ``left`` and ``right`` in points."""

    text: str
    left: float
    right: float

    @property
    def middle(self) -> float:
        """Half way between the sides."""
        return (self.left + self.right) / 2


class Line(Struct, frozen=True):
    """The cells of a line from left to right; ``middle`` is how far down the page it stands, in points."""

    cells: tuple[Cell, ...]
    middle: float
    height: float

    @property
    def text(self) -> str:
        """The whole line, with single blanks."""
        return " ".join(cell.text for cell in self.cells)


def lines(words: Iterable[Word]) -> list[Line]:
    """Return the lines of a page from top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (_middle(word), word.box[0])):
        last = rows[-1] if rows else None
        if last and abs(_middle(last[0]) - _middle(word)) <= _SAME_LINE * min(_height(last[0]), _height(word)):
            last.append(word)
        else:
            rows.append([word])
    return [_line(sorted(row, key=lambda word: word.box[0])) for row in rows]


def _line(words: Sequence[Word]) -> Line:
    cells: list[list[Word]] = []
    for word in words:
        gap = word.box[0] - cells[-1][-1].box[2] if cells else 0.0
        if cells and gap <= _SAME_CELL * _height(word):
            cells[-1].append(word)
        else:
            cells.append([word])
    return Line(
        tuple(Cell(" ".join(word.text for word in cell), cell[0].box[0], cell[-1].box[2]) for cell in cells),
        sum(map(_middle, words)) / len(words),
        max(map(_height, words)),
    )


def _middle(word: Word) -> float:
    return (word.box[1] + word.box[3]) / 2


def _height(word: Word) -> float:
    return max(word.box[3] - word.box[1], 1.0)
