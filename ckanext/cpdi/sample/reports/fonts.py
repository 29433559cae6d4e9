"""Widths of Helvetica's characters, in thousandths of its size, as its metrics give them (Adobe Core 14, AFM)."""

from __future__ import annotations

from functools import lru_cache

PLAIN, BOLD = "F1", "F2"
"""Names under which a page's resources have the two fonts."""
BASE_FONTS = {PLAIN: "Helvetica", BOLD: "Helvetica-Bold"}

_PLAIN_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 "
    "556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 "
)
_BOLD_WIDTHS = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 "
    "611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584 "
)
_OTHER = 556
"""Width of the characters outside of ASCII that reports have: letters with accents."""


def _widths(text: str) -> dict[str, int]:
    return {chr(code): int(width) for code, width in enumerate(text.split(), 32)} | {"·": 278, "•": 350, "–": 556}


_WIDTHS = {PLAIN: _widths(_PLAIN_WIDTHS), BOLD: _widths(_BOLD_WIDTHS)}


@lru_cache(maxsize=50_000)
def width(text: str, font: str, size: float) -> float:
    """Return how wide ``text`` is, in points."""
    widths = _WIDTHS[font]
    return sum(widths.get(character, _OTHER) for character in text) * size / 1000


def lines(text: str, font: str, size: float, room: float) -> list[str]:
    """Break ``text`` at blanks into lines that are at most ``room`` points wide, where a word is not wider."""
    broken: list[str] = []
    line, filled = "", 0.0
    blank = width(" ", font, size)
    for word in text.split():
        more = width(word, font, size)
        if line and filled + blank + more > room:
            broken.append(line)
            line, filled = word, more
        else:
            filled += more + (blank if line else 0)
            line = f"{line} {word}" if line else word
    return [*broken, line] if line else broken
