"""The words of a page in reading order, with their boxes, as pdfium finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from msgspec import Struct

from ckanext.cpdi.reports.pdf.frame import Corners, Frame
from ckanext.cpdi.reports.report import Word

_WORD = re.compile(r"([\s\x00-\x1f\x7f]*)([^\s\x00-\x1f\x7f]+)")
_HYPHENS = {0x02: "-", 0xAD: "-", 0xFFFE: "-"}
"""What pdfium and word processors write for a hyphen at the end of a line."""


class Reading(Struct, frozen=True):
    """The words of a page and its text; ``spans`` are the first and last character of each word as pdfium counts."""

    text: str
    words: tuple[Word, ...]
    spans: tuple[tuple[int, int], ...]


def read_words(text_page: pdfium.PdfTextPage, frame: Frame) -> Reading:
    """Return the words of a page, and its text: the words with a blank or, at the end of a line, a break between."""
    spans: list[tuple[int, int]] = []
    texts: list[str] = []
    corners: list[Corners] = []
    parts: list[str] = []
    for gap, text, first, last in _split(text_page):
        spans.append((first, last))
        texts.append(text)
        corners += (_loose_box(text_page, first), _loose_box(text_page, last))
        parts += (_between(gap) if parts else "", text)
    ends = frame.boxes(corners)
    boxes = np.hstack([np.minimum(ends[::2, :2], ends[1::2, :2]), np.maximum(ends[::2, 2:], ends[1::2, 2:])])
    words = tuple(Word(text, tuple(box)) for text, box in zip(texts, boxes.tolist(), strict=True))
    return Reading("".join(parts), words, tuple(spans))


def tight_box(text_page: pdfium.PdfTextPage, at: int) -> Corners:
    """Return the box of a character's own shape in the page's coordinates: left, bottom, right, top."""
    left, bottom, right, top = raw.c_double(), raw.c_double(), raw.c_double(), raw.c_double()
    raw.FPDFText_GetCharBox(text_page.raw, at, left, right, bottom, top)
    return (left.value, bottom.value, right.value, top.value)


def _loose_box(text_page: pdfium.PdfTextPage, at: int) -> Corners:
    """Return the box of a character with the height of its font."""
    box = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text_page.raw, at, box):
        return tight_box(text_page, at)
    return (box.left, box.bottom, box.right, box.top)


def _between(gap: str) -> str:
    return "\n" if "\n" in gap or "\r" in gap else " "


def _split(text_page: pdfium.PdfTextPage) -> Iterator[tuple[str, str, int, int]]:
    """Yield each word with what stands before it, and its first and last character as pdfium counts them."""
    count = raw.FPDFText_CountChars(text_page)
    if count <= 0:
        return
    # The text can be longer than its characters: pdfium adds blanks and line breaks between them.
    size = max(count, raw.FPDFText_GetTextIndexFromCharIndex(text_page, count - 1) + 1) + 1
    buffer = (raw.c_ushort * size)()
    units = raw.FPDFText_GetText(text_page, 0, count, buffer) - 1
    text = bytes(memoryview(buffer)[:units]).decode("utf-16-le", errors="replace").translate(_HYPHENS)
    # A character outside of the basic plane takes two units, and pdfium counts units.
    places = (
        list(accumulate((1 + (ord(letter) > 0xFFFF) for letter in text), initial=0)) if len(text) != units else None
    )
    for match in _WORD.finditer(text):
        ends = (match.start(2), match.end(2) - 1)
        first, last = (places[end] if places else end for end in ends)
        at, to = (raw.FPDFText_GetCharIndexFromTextIndex(text_page, index) for index in (first, last))
        yield match[1], match[2], max(at, 0), max(to, at, 0)
