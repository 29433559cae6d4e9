"""A report's pages: header bands with title and notice, headings, paragraphs and tables, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ckanext.cpdi.sample.reports.canvas import HEIGHT, WIDTH, Canvas, colour
from ckanext.cpdi.sample.reports.fonts import BOLD, PLAIN, lines, width
from ckanext.cpdi.sample.reports.tags import COLUMN, ROW

NOTICE = "SYNTHETIC SAMPLE: no real event, person or figure"

MARGIN = 40.0
LINE = 13.5
INK, QUIET, NAVY, AMBER, STRIPE, WHITE = map(colour, ("#1c2733", "#55616e", "#14304f", "#f3c04b", "#eef2f6", "#ffffff"))
_TOP = HEIGHT - 128
_BOTTOM = 62.0


@dataclass(frozen=True)
class Head:
    """The header of every page; without ``period`` neither that nor the day of publication is said."""

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
    """Pages that are filled from the top; ``y`` is where the next line stands on ``canvas``."""

    def __init__(self, head: Head, *, tagged: bool) -> None:
        """Begin with the first page."""
        self.head = head
        self.canvas = Canvas(tagged=tagged)
        self.y = 0.0
        self.turn()

    def heading(self, text: str) -> None:
        """Write a heading, on a page with some lines of what follows."""
        self.need(5 * LINE)
        if self.y < _TOP:
            self.y -= 6
        self._lines(text, BOLD, 11, "H2")

    def paragraph(self, text: str, *, bold: bool = False) -> None:
        """Write ``text``, broken into lines."""
        self._lines(text, BOLD if bold else PLAIN, 9.5, "P")

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
        self.need(min((len(rows) + 4) * LINE, _TOP - _BOTTOM))
        self.heading(title)
        with self.canvas.inside("Table"):
            self._headings(columns, groups)
            for number, row in enumerate(rows):
                if self.y < _BOTTOM:
                    self.turn()
                    self._headings(columns, groups)
                self._row(columns, row, striped=number % 2 == 0)
        self.y -= 12

    def need(self, points: float) -> None:
        """Begin a new page where fewer than ``points`` remain on this one."""
        if self.y - points < _BOTTOM - LINE:
            self.turn()

    def turn(self) -> None:
        """Begin a page."""
        canvas = self.canvas
        canvas.turn()
        with canvas.decoration():
            self._bands()
            self._foot()
        canvas.fill(INK)
        self.y = _TOP

    def _bands(self) -> None:
        canvas, head = self.canvas, self.head
        canvas.fill(NAVY)
        canvas.area(0, HEIGHT - 78, WIDTH, 78)
        canvas.fill(WHITE)
        canvas.text(MARGIN, HEIGHT - 30, head.agency, size=10)
        canvas.text_to(WIDTH - MARGIN, HEIGHT - 30, head.period, size=10)
        canvas.text(MARGIN, HEIGHT - 56, head.title, BOLD, 18)
        canvas.fill(AMBER)
        canvas.area(0, HEIGHT - 98, WIDTH, 20)
        canvas.fill(INK)
        canvas.text((WIDTH - width(NOTICE, BOLD, 9.5)) / 2, HEIGHT - 91, NOTICE, BOLD)

    def _foot(self) -> None:
        canvas, head = self.canvas, self.head
        canvas.fill(QUIET)
        said = f" · published {head.published:%B} {head.published.day}, {head.published.year}" if head.period else ""
        canvas.text(MARGIN, 34, f"{head.id}{said}", size=8)
        canvas.text_to(WIDTH - MARGIN, 34, f"Page {canvas.pages}", size=8)

    def _lines(self, text: str, font: str, size: float, kind: str) -> None:
        """Write ``text`` in lines, on one page if it fits."""
        broken = lines(text, font, size, WIDTH - 2 * MARGIN)
        self.need(min(len(broken) * LINE, _TOP - _BOTTOM))
        canvas = self.canvas
        canvas.fill(INK)
        with canvas.content(kind):
            for line in broken:
                canvas.text(MARGIN, self.y, line, font, size)
                self.y -= LINE
        self.y -= 4

    def _headings(self, columns: Sequence[Column], groups: Sequence[tuple[str, int]]) -> None:
        """Write the lines above a table's rows."""
        canvas = self.canvas
        canvas.fill(NAVY)
        if groups:
            first, x = 1, MARGIN + columns[0].width
            with canvas.inside("TR"):
                for title, span in groups:
                    wide = sum(column.width for column in columns[first : first + span])
                    with canvas.content("TH", COLUMN):
                        canvas.text_to(x + wide - 4, self.y, title, BOLD, 8.5)
                    first, x = first + span, x + wide
            self.y -= LINE
        self._cells(columns, [column.title for column in columns], BOLD)
        with canvas.decoration():
            across = [(MARGIN, self.y - 4), (MARGIN + sum(column.width for column in columns), self.y - 4)]
            canvas.line(across, NAVY)
        self.y -= LINE + 1

    def _row(self, columns: Sequence[Column], row: Sequence[str], *, striped: bool) -> None:
        canvas = self.canvas
        if striped:
            with canvas.decoration():
                canvas.fill(STRIPE)
                canvas.area(MARGIN, self.y - 4, sum(column.width for column in columns), LINE)
        canvas.fill(INK)
        self._cells(columns, row, PLAIN)
        self.y -= LINE

    def _cells(self, columns: Sequence[Column], texts: Sequence[str], font: str) -> None:
        x, canvas = MARGIN, self.canvas
        with canvas.inside("TR"):
            for at, (column, text) in enumerate(zip(columns, texts, strict=True)):
                heading = font == BOLD or not at
                scope = COLUMN if font == BOLD else ROW if not at else None
                with canvas.content("TH" if heading else "TD", scope):
                    if column.number:
                        canvas.text_to(x + column.width - 4, self.y, text, font, 8.5)
                    else:
                        canvas.text(x + 4, self.y, text, font, 8.5)
                x += column.width
