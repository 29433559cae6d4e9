"""The words of a page in reading order, with their boxes, as pdfium finds them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, count

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from msgspec import Struct

from ckanext.cpdi.reports.pdf.frame import Boxes, Corners, Frame
from ckanext.cpdi.reports.report import Word

_WORD = re.compile(r"([\s\x00-\x1f\x7f]*)([^\s\x00-\x1f\x7f]+)")
_HYPHENS = {0x02: "-", 0xAD: "-", 0xFFFE: "-"}
"""What pdfium and word processors write for a hyphen at the end of a line."""
_AS_CORNERS = [0, 3, 2, 1]
"""Left, bottom, right and top among the fields of pdfium's rectangle, which has left, top, right, bottom."""


class Reading(Struct, frozen=True):
    """The words of a page and its text; ``spans`` are the first and last character of each word as pdfium counts."""

    text: str
    words: tuple[Word, ...]
    spans: tuple[tuple[int, int], ...]


def read_words(text_page: pdfium.PdfTextPage, frame: Frame) -> Reading:
    """Return the words of a page, and its text: the words with a blank or, at the end of a line, a break between."""
    spans: list[tuple[int, int]] = []
    texts: list[str] = []
    parts: list[str] = []
    for gap, text, first, last in _split(text_page):
        spans.append((first, last))
        texts.append(text)
        parts += (_between(gap) if parts else "", text)
    ends = frame.boxes(_loose_boxes(text_page, list(chain.from_iterable(spans))))
    boxes = np.hstack([np.minimum(ends[::2, :2], ends[1::2, :2]), np.maximum(ends[::2, 2:], ends[1::2, 2:])])
    words = tuple(map(Word, texts, map(tuple, boxes.tolist())))
    return Reading("".join(parts), words, tuple(spans))


def tight_box(text_page: pdfium.PdfTextPage, at: int) -> Corners:
    """Return the box of a character's own shape in the page's coordinates: left, bottom, right, top."""
    left, bottom, right, top = raw.c_double(), raw.c_double(), raw.c_double(), raw.c_double()
    raw.FPDFText_GetCharBox(text_page.raw, at, left, right, bottom, top)
    return (left.value, bottom.value, right.value, top.value)


def _loose_boxes(text_page: pdfium.PdfTextPage, places: Sequence[int]) -> Boxes:
    """Return the boxes of characters with the height of their fonts, as :func:`tight_box` does."""
    table = (raw.FS_RECTF * (len(places) + 1))()
    first, size = table[0], ctypes.sizeof(raw.FS_RECTF)
    # To make an object of each box takes as long as to ask for it.
    answers = [
        raw.FPDFText_GetLooseCharBox(text_page.raw, at, ctypes.byref(first, offset))
        for at, offset in zip(places, count(0, size), strict=False)
    ]
    boxes = np.frombuffer(bytes(table), np.float32).reshape(-1, 4)[:-1, _AS_CORNERS].astype(np.float64)
    for number in np.flatnonzero(~np.array(answers, dtype=bool)).tolist():
        boxes[number] = tight_box(text_page, places[number])
    return boxes


def _between(gap: str) -> str:
    return "\n" if "\n" in gap or "\r" in gap else " "


def _split(text_page: pdfium.PdfTextPage) -> Iterator[tuple[str, str, int, int]]:
    """Yield each word with what stands before it, and its first and last character as pdfium counts them."""
    length = raw.FPDFText_CountChars(text_page)
    if length <= 0:
        return
    # The text can be longer than its characters: pdfium adds blanks and line breaks between them.
    last_index = raw.FPDFText_GetTextIndexFromCharIndex(text_page, length - 1)
    size = max(length, last_index + 1) + 1
    buffer = (raw.c_ushort * size)()
    units = raw.FPDFText_GetText(text_page, 0, length, buffer) - 1
    text = bytes(memoryview(buffer)[:units]).decode("utf-16-le", errors="replace").translate(_HYPHENS)
    # A character outside of the basic plane takes two units, and pdfium counts units.
    places = list(accumulate((1 + (ord(letter) > 0xFFFF) for letter in text), initial=0)) if len(text) != units else []
    # Characters that are no text are left out of it; where the last has its own number, there are none.
    all_text = last_index == length - 1 and units <= length
    for match in _WORD.finditer(text):
        ends = (match.start(2), match.end(2) - 1)
        at, to = (places[end] for end in ends) if places else ends
        if not all_text:
            at, to = (raw.FPDFText_GetCharIndexFromTextIndex(text_page, index) for index in (at, to))
        yield match[1], match[2], max(at, 0), max(to, at, 0)
