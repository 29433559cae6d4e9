"""Which words of a page nobody can see: the page is drawn with its text and without, and they make no difference.

That holds for whatever hides a text: a bar or a picture over it, its colour, a layer that is off, a place beyond the
page's edge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ckanext.cpdi.reports.pdf.drawing import draw
from ckanext.cpdi.reports.pdf.frame import Frame
from ckanext.cpdi.reports.pdf.words import Reading, tight_box
from ckanext.cpdi.reports.report import Box

Grey = np.ndarray[Any, np.dtype[np.uint8]]
Numbers = np.ndarray[Any, np.dtype[Any]]
_Handle = Any
"""An object of a page, as pdfium names it."""

_MOST_PIXELS = 4_000_000
_SEEN = 6
"""Of 255: a smaller difference nobody sees."""
_CONTRAST = 48
"""Of 255: what letters on a scanned page have at least."""
_DEEPEST = 12
"""How deep forms in forms are followed; the text of deeper ones counts as background."""
_WITHOUT_INK = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}


class Sight:
    """A page as it is seen, and without its text, which is switched off by that.

    ``pictures`` are the boxes of the images on the page itself.
    """

    def __init__(self, page: pdfium.PdfPage, frame: Frame, *, annotations: bool = False) -> None:
        scale = min(1.0, math.sqrt(_MOST_PIXELS / (frame.width * frame.height)))
        self._size = tuple(max(1, round(side * scale)) for side in (frame.width, frame.height))
        self._frame, self._annotations = frame, annotations
        self._shown = self._draw(page)
        self.pictures: list[Box] = []
        for item in _objects(page):
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                raw.FPDFPageObj_SetIsActive(item, False)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self.pictures.append(frame.box(_bounds(item)))
        bare = self._draw(page)
        self._ink: Numbers = np.maximum(self._shown, bare) - np.minimum(self._shown, bare) >= _SEEN

    @property
    def is_blank(self) -> bool:
        """Whether the page is an empty sheet."""
        return int(self._shown.max()) - int(self._shown.min()) < _SEEN

    @property
    def picture_share(self) -> float:
        """The share of the page that its largest image covers."""
        width, height = self._frame.width, self._frame.height
        inside = [
            (min(right, width) - max(left, 0.0)) * (min(bottom, height) - max(top, 0.0))
            for left, top, right, bottom in self.pictures
        ]
        return max(inside, default=0.0) / (width * height)

    def hidden(self, text_page: pdfium.PdfTextPage, reading: Reading) -> tuple[list[bool], int]:
        """Return for each word whether it is hidden, and how many stand without ink on a picture that shows them.

        A word is hidden where at least half of its letters and digits show nothing.
        """
        if not reading.words:
            return [], 0
        doubtful = self._doubtful(reading)
        owners, places = _letters(reading, doubtful)
        if not owners:
            return [False] * len(reading.words), 0
        boxes = self._pixels(self._frame.boxes([tight_box(text_page, at) for at in places]))
        unseen = ~_any(self._ink, boxes)
        pictured = np.zeros_like(unseen)
        for at in np.flatnonzero(unseen):
            pictured[at] = self._shows_through(text_page, places[at], boxes[at])
        return _most(unseen & ~pictured, owners, reading), sum(_most(pictured, owners, reading))

    def _doubtful(self, reading: Reading) -> Sequence[int]:
        """Return the words that may be hidden: cut into as many slices as they have letters, one has no ink.

        To ask for the place of each letter takes longer than all else.
        """
        lengths = np.array([len(word.text) for word in reading.words])
        boxes = np.array([word.box for word in reading.words])
        left, top, right, bottom = boxes.repeat(lengths, axis=0).T
        number = np.arange(len(left)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        width = (right - left) / np.repeat(lengths, lengths)
        # Without what the lines above and below reach into.
        quarter = (bottom - top) / 4
        slices = np.column_stack([left + number * width, top + quarter, left + (number + 1) * width, bottom - quarter])
        inked = _any(self._ink, self._pixels(slices))
        return np.unique(np.repeat(np.arange(len(lengths)), lengths)[~inked]).tolist()

    def _shows_through(self, text_page: pdfium.PdfTextPage, at: int, pixels: Numbers) -> bool:
        """Return whether a text without ink of its own, such as that of OCR, stands on a picture of letters."""
        text = raw.FPDFText_GetTextObject(text_page, at)
        if not text or raw.FPDFTextObj_GetTextRenderMode(text) not in _WITHOUT_INK:
            return False
        box = self._frame.box(tight_box(text_page, at))
        if not any(_holds(picture, box) for picture in self.pictures):
            return False
        left, top, right, bottom = pixels
        piece = self._shown[top:bottom, left:right]
        return bool(piece.size) and int(piece.max()) - int(piece.min()) >= _CONTRAST

    def _pixels(self, boxes: Numbers) -> Numbers:
        """Return the pixels of boxes: from left, top to before right, bottom; beyond the page there are none."""
        width, height = self._size
        x, y = width / self._frame.width, height / self._frame.height
        low = np.floor(boxes[:, :2] * (x, y))
        high = np.ceil(boxes[:, 2:] * (x, y))
        return np.clip(np.hstack([low, high]), 0, [width, height, width, height]).astype(np.int64)

    def _draw(self, page: pdfium.PdfPage) -> Grey:
        bitmap = draw(page, *self._size, grey=True, annotations=self._annotations)
        return bitmap.to_numpy().reshape(self._size[1], self._size[0])


def _letters(reading: Reading, numbers: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the letters and digits of some words: which word each is in, and its number as pdfium counts."""
    owners: list[int] = []
    places: list[int] = []
    for number in numbers:
        text, (first, last) = reading.words[number].text, reading.spans[number]
        if last - first + 1 == len(text):
            inked = [at for at, letter in enumerate(text, first) if letter.isalnum()]
        else:
            inked = list(range(first, last + 1))
        owners += [number] * len(inked)
        places += inked
    return owners, places


def _most(letters: Numbers, owners: list[int], reading: Reading) -> list[bool]:
    """Return for each word whether at least half of its letters are marked."""
    count = len(reading.words)
    marked = np.bincount(owners, weights=letters, minlength=count)
    return [
        bool(number and 2 * number >= of)
        for number, of in zip(marked, np.bincount(owners, minlength=count), strict=True)
    ]


def _any(ink: Numbers, boxes: Numbers) -> Numbers:
    """Return for each box whether there is ink anywhere in it."""
    left, top, right, bottom = boxes.T
    result = np.zeros(len(boxes), dtype=bool)
    # The words of a line, and most of its letters, are in the same rows of pixels: these are looked through once.
    bands = top * (len(ink) + 1) + bottom
    order = np.argsort(bands, kind="stable")
    sums = np.zeros(ink.shape[1] + 1, dtype=np.int64)
    for of_band in np.split(order, np.flatnonzero(np.diff(bands[order])) + 1):
        at = of_band[0]
        np.add.accumulate(np.logical_or.reduce(ink[top[at] : bottom[at]]), out=sums[1:])
        result[of_band] = sums[right[of_band]] > sums[left[of_band]]
    return result


def _objects(page: pdfium.PdfPage) -> Iterator[_Handle]:
    """Yield what is drawn on the page, and in its forms."""
    yield from _walk(raw.FPDFPage_CountObjects(page), lambda at: raw.FPDFPage_GetObject(page, at), 0)


def _walk(count: int, get: Callable[[int], _Handle], depth: int) -> Iterator[_Handle]:
    for at in range(count):
        item = get(at)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
            yield item
        elif depth < _DEEPEST:
            inner = raw.FPDFFormObj_CountObjects(item)
            yield from _walk(inner, lambda at, item=item: raw.FPDFFormObj_GetObject(item, at), depth + 1)


def _bounds(item: _Handle) -> tuple[float, float, float, float]:
    left, bottom, right, top = raw.c_float(), raw.c_float(), raw.c_float(), raw.c_float()
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return (left.value, bottom.value, right.value, top.value)


def _holds(outer: Box, inner: Box) -> bool:
    """Return whether the middle of one box is in another."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
