"""A report's pages: header bands with title and notice, paragraphs and tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageDraw
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

NOTICE = "SYNTHETIC SAMPLE: no real event, person or figure"

_WIDTH, _HEIGHT = letter
_MARGIN = 40.0
_TOP = _HEIGHT - 128
_BOTTOM = 62.0
_LINE = 13.5
_INK, _QUIET, _NAVY, _AMBER, _STRIPE = map(HexColor, ("#1c2733", "#55616e", "#14304f", "#f3c04b", "#eef2f6"))
_PLAIN, _BOLD = "Helvetica", "Helvetica-Bold"
_SCAN_DPI = 100


@dataclass(frozen=True)
class Head:
    """The header of every page."""

    id: str
    agency: str
    title: str
    period: str
    published: date


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading and width in points; numbers are set to the right."""

    title: str
    width: float
    number: bool = False


class Paper:
    """A report being written; :meth:`finish` returns its bytes."""

    def __init__(self, head: Head) -> None:
        """Begin with the first page."""
        self._head = head
        self._out = io.BytesIO()
        self._canvas = Canvas(self._out, pagesize=letter, pageCompression=1, invariant=1)
        self._describe()
        self._y = 0.0
        self._turn()

    def paragraph(self, text: str, *, bold: bool = False) -> None:
        """Write ``text``, broken into lines."""
        font, size = (_BOLD, 11) if bold else (_PLAIN, 9.5)
        lines = simpleSplit(text, font, size, _WIDTH - 2 * _MARGIN)
        self._need(len(lines) * _LINE)
        self._canvas.setFillColor(_INK)
        self._canvas.setFont(font, size)
        for line in lines:
            self._canvas.drawString(_MARGIN, self._y, line)
            self._y -= _LINE
        self._y -= 4

    def table(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        groups: Sequence[tuple[str, int]] = (),
    ) -> None:
        """Write a table under ``title``, on one page if it fits.

        ``groups`` are headings with the number of columns that each spans, from the second column on.
        """
        self._need(min((len(rows) + 4) * _LINE, _TOP - _BOTTOM))
        self.paragraph(title, bold=True)
        self._headings(columns, groups)
        for number, row in enumerate(rows):
            if self._y < _BOTTOM:
                self._turn()
                self._headings(columns, groups)
            self._row(columns, row, striped=number % 2 == 0)
        self._y -= 12

    def cover(self, text: str) -> None:
        """Write ``text`` and draw a black bar over it, which does not remove the text."""
        self.paragraph(text)
        self._canvas.setFillColor(_INK)
        width = self._canvas.stringWidth(text, _PLAIN, 9.5) + 4
        self._canvas.rect(_MARGIN - 2, self._y + _LINE + 1, width, _LINE, stroke=0, fill=1)

    def comment(self, text: str) -> None:
        """Add a comment to the page."""
        self._canvas.textAnnotation(text, Rect=[_WIDTH - 80, self._y, _WIDTH - 60, self._y + 20])

    def scan(self, lines: Sequence[str]) -> None:
        """Add a page without text: a slightly rotated image of ``lines``, like a scan."""
        scale = _SCAN_DPI / 72
        page = Image.new("L", (int(_WIDTH * scale), int(_HEIGHT * scale)), 246)
        pen = ImageDraw.Draw(page)
        for number, line in enumerate((NOTICE, self._head.title, *lines)):
            pen.text((80, 120 + number * 44), line, fill=40, font_size=22)
        picture = page.rotate(0.8, fillcolor=246).convert("1", dither=Image.Dither.NONE)
        self._canvas.showPage()
        self._canvas.drawImage(ImageReader(picture), 0, 0, _WIDTH, _HEIGHT)
        # The next text begins a new page.
        self._y = -_HEIGHT

    def finish(self) -> bytes:
        """Return the report's bytes."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()

    def _describe(self) -> None:
        """Set metadata as word processors do, which should not be in a published file."""
        written = f"D:{self._head.published:%Y%m%d}091500Z"
        self._canvas.setDateFormatter(lambda *_: written)
        self._canvas.setTitle(f"SAMPLE {self._head.id}.docx")
        self._canvas.setAuthor("SAMPLE Analyst Q. Marrow")
        self._canvas.setCreator("SAMPLE Word Processor")
        self._canvas.setSubject("DRAFT")
        self._canvas.setKeywords(r"\\SAMPLE-SERVER\crime analysis\drafts")

    def _need(self, points: float) -> None:
        """Begin a new page where fewer than ``points`` remain on this one."""
        if self._y - points < _BOTTOM - _LINE:
            self._turn()

    def _turn(self) -> None:
        """Begin a page."""
        canvas, head = self._canvas, self._head
        if self._y:
            canvas.showPage()
        canvas.setFillColor(_NAVY)
        canvas.rect(0, _HEIGHT - 78, _WIDTH, 78, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#ffffff"))
        canvas.setFont(_PLAIN, 10)
        canvas.drawString(_MARGIN, _HEIGHT - 30, head.agency)
        canvas.drawRightString(_WIDTH - _MARGIN, _HEIGHT - 30, head.period)
        canvas.setFont(_BOLD, 18)
        canvas.drawString(_MARGIN, _HEIGHT - 56, head.title)
        canvas.setFillColor(_AMBER)
        canvas.rect(0, _HEIGHT - 98, _WIDTH, 20, stroke=0, fill=1)
        canvas.setFillColor(_INK)
        canvas.setFont(_BOLD, 9.5)
        canvas.drawCentredString(_WIDTH / 2, _HEIGHT - 91, NOTICE)
        canvas.setFillColor(_QUIET)
        canvas.setFont(_PLAIN, 8)
        canvas.drawString(
            _MARGIN, 34, f"{head.id} · published {head.published:%B} {head.published.day}, {head.published.year}"
        )
        canvas.drawRightString(_WIDTH - _MARGIN, 34, f"Page {canvas.getPageNumber()}")
        self._y = _TOP

    def _headings(self, columns: Sequence[Column], groups: Sequence[tuple[str, int]]) -> None:
        """Write the lines above a table's rows."""
        canvas = self._canvas
        canvas.setFillColor(_NAVY)
        canvas.setFont(_BOLD, 8.5)
        if groups:
            first, x = 1, _MARGIN + columns[0].width
            for title, span in groups:
                width = sum(column.width for column in columns[first : first + span])
                canvas.drawRightString(x + width - 4, self._y, title)
                first, x = first + span, x + width
            self._y -= _LINE
        self._cells(columns, [column.title for column in columns])
        canvas.setStrokeColor(_NAVY)
        canvas.line(_MARGIN, self._y - 4, _MARGIN + sum(column.width for column in columns), self._y - 4)
        self._y -= _LINE + 1

    def _row(self, columns: Sequence[Column], row: Sequence[str], *, striped: bool) -> None:
        canvas = self._canvas
        if striped:
            canvas.setFillColor(_STRIPE)
            canvas.rect(_MARGIN, self._y - 4, sum(column.width for column in columns), _LINE, stroke=0, fill=1)
        canvas.setFillColor(_INK)
        canvas.setFont(_PLAIN, 8.5)
        self._cells(columns, row)
        self._y -= _LINE

    def _cells(self, columns: Sequence[Column], texts: Sequence[str]) -> None:
        x = _MARGIN
        for column, text in zip(columns, texts, strict=True):
            if column.number:
                self._canvas.drawRightString(x + column.width - 4, self._y, text)
            else:
                self._canvas.drawString(x + 4, self._y, text)
            x += column.width
