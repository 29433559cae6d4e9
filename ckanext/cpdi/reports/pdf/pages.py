"""The pages of a clean PDF: their words, where these come from, and which of them nobody can see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from msgspec import Struct

from ckanext.cpdi.reports.pdf.frame import Frame
from ckanext.cpdi.reports.pdf.visibility import Sight
from ckanext.cpdi.reports.pdf.words import Reading, read_words
from ckanext.cpdi.reports.report import Box, Origin, Page, Refused

_FEW = 15
"""Words: a stamp or a page number on a scanned page."""
_LARGE = 0.5
"""Share of the page that the picture of a scanned one covers."""


class Look(Struct, frozen=True):
    """A page, which of its words are hidden, and whether it shows a text that cannot be read from the file."""

    page: Page
    hidden: list[bool]
    scanned: bool


def open_clean(target: Path) -> pdfium.PdfDocument:
    """Open a PDF with pdfium; raise Refused where it cannot be read."""
    try:
        return pdfium.PdfDocument(target)
    except pdfium.PdfiumError:
        raise Refused("damaged") from None


def look(document: pdfium.PdfDocument, characters: int) -> Iterator[Look]:
    """Yield the pages one by one; raise Refused where they have more than ``characters``, or one cannot be read."""
    for at in range(len(document)):
        page = _page(document, at)
        frame = Frame(page)
        text_page = page.get_textpage()
        reading = read_words(text_page, frame)
        characters -= len(reading.text)
        if characters < 0:
            raise Refused("too_much_text")
        sight = Sight(page, frame)
        hidden, of_picture = sight.hidden(text_page, reading)
        origin = _origin(reading, of_picture)
        scanned = origin != "ocr" and len(reading.words) < _FEW and _is_picture(sight, reading)
        yield Look(Page(at + 1, frame.width, frame.height, reading.text, reading.words, origin), hidden, scanned)
        page.close()


def hidden_by_notes(document: pdfium.PdfDocument, at: int) -> list[tuple[Box, str]]:
    """Return the words, with their boxes, that nobody sees where notes and marks are drawn over a page."""
    page = _page(document, at)
    frame = Frame(page)
    text_page = page.get_textpage()
    reading = read_words(text_page, frame)
    hidden, _ = Sight(page, frame, annotations=True).hidden(text_page, reading)
    page.close()
    return [(word.box, word.text) for word, is_hidden in zip(reading.words, hidden, strict=True) if is_hidden]


def _page(document: pdfium.PdfDocument, at: int) -> pdfium.PdfPage:
    try:
        return document[at]
    except pdfium.PdfiumError:
        raise Refused("damaged") from None


def _origin(reading: Reading, of_picture: int) -> Origin:
    """Return where a text comes from: from OCR where most of its words stand invisible on a picture."""
    if not reading.words:
        return "none"
    return "ocr" if 2 * of_picture > len(reading.words) else "text"


def _is_picture(sight: Sight, reading: Reading) -> bool:
    """Return whether a page shows a picture, or drawn letters, in place of a text."""
    return sight.picture_share >= _LARGE or (not reading.words and not sight.is_blank)
