"""Charts of the synthetic reports, drawn as vectors: bars, lines of weeks, hours of the week, beats on a map."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ckanext.cpdi.sample.reports.canvas import WIDTH, Colour, colour
from ckanext.cpdi.sample.reports.document import text_string
from ckanext.cpdi.sample.reports.fonts import BOLD
from ckanext.cpdi.sample.reports.paper import INK, LINE, MARGIN, NAVY, QUIET, Paper

_PALE, _DARK = colour("#dfe9f5"), colour("#16508a")
_BEFORE = colour("#b9c3cf")
_LABELS = 150.0
_BAR, _HEXAGON = 12.0, 44.0
_HIGH = 130.0


def bars(paper: Paper, title: str, labels: Sequence[str], now: Sequence[int], before: Sequence[int]) -> None:
    """Draw two bars for each label: this year's above last year's, with their numbers."""
    high = len(labels) * (2 * _BAR + 4)
    _frame(paper, title, high)
    canvas, room = paper.canvas, WIDTH - 2 * MARGIN - _LABELS - 40
    longest = max(1, *now, *before)
    with canvas.content("Figure", _alternative(f"{title}. {_said(labels, now, before)}.")):
        for label, current, prior in zip(labels, now, before, strict=True):
            canvas.fill(INK)
            canvas.text_to(MARGIN + _LABELS - 8, paper.y - _BAR, label, size=8.5)
            for value, shade, down in ((current, _DARK, _BAR), (prior, _BEFORE, 2 * _BAR)):
                wide = room * value / longest
                canvas.fill(shade)
                canvas.area(MARGIN + _LABELS, paper.y - down, wide, _BAR - 2)
                canvas.fill(QUIET)
                canvas.text(MARGIN + _LABELS + wide + 4, paper.y - down + 2, str(value), size=7.5)
            paper.y -= 2 * _BAR + 4
    paper.y -= LINE


def weeks(paper: Paper, title: str, labels: Sequence[str], now: Sequence[int], before: Sequence[int]) -> None:
    """Draw two lines through the numbers of weeks: dark this year's, pale last year's."""
    _frame(paper, title, _HIGH + 2 * LINE)
    canvas, bottom = paper.canvas, paper.y - _HIGH
    top, step = max(1, *now, *before), (WIDTH - 2 * MARGIN - 40) / max(1, len(labels) - 1)
    with canvas.content("Figure", _alternative(f"{title}. {_said(labels, now, before)}.")):
        for part in range(5):
            y = bottom + _HIGH * part / 4
            canvas.line([(MARGIN + 26, y), (WIDTH - MARGIN, y)], _PALE, 0.5)
            canvas.fill(QUIET)
            canvas.text_to(MARGIN + 20, y - 3, f"{top * part / 4:.0f}", size=7.5)
        for values, shade in ((before, _BEFORE), (now, _DARK)):
            points = [(MARGIN + 30 + at * step, bottom + _HIGH * value / top) for at, value in enumerate(values)]
            canvas.line(points, shade, 1.8)
        canvas.fill(INK)
        for at, label in enumerate(labels):
            canvas.text(MARGIN + 22 + at * step, bottom - 11, label, size=7)
    paper.y = bottom - 2 * LINE


def hours(
    paper: Paper, title: str, rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]
) -> None:
    """Draw a field for each row and column, the darker the more, with its number."""
    wide, high = (WIDTH - 2 * MARGIN - 90) / len(columns), 20.0
    _frame(paper, title, (len(rows) + 1) * high)
    canvas, most = paper.canvas, max(1, *(value for row in counts for value in row))
    with canvas.content("Figure", _alternative(f"{title}: the numbers by weekday and hour stand in the fields.")):
        canvas.fill(NAVY)
        for at, label in enumerate(columns):
            canvas.text(MARGIN + 94 + at * wide, paper.y - 12, label, BOLD, 8)
        for row, values in zip(rows, counts, strict=True):
            paper.y -= high
            canvas.fill(INK)
            canvas.text(MARGIN, paper.y - 12, row, size=8.5)
            for at, value in enumerate(values):
                share = value / most
                canvas.fill(_shade(share))
                canvas.area(MARGIN + 90 + at * wide, paper.y - 17, wide - 2, high - 2)
                canvas.fill(INK if share < 0.55 else colour("#ffffff"))
                canvas.text(MARGIN + 96 + at * wide, paper.y - 12, str(value), size=8)
    paper.y -= high + LINE


def beats(paper: Paper, title: str, names: Sequence[Sequence[str]], counts: Sequence[Sequence[int]]) -> None:
    """Draw the beats of an invented city as hexagons, a row a team, the darker the more."""
    across, down = _HEXAGON * math.sqrt(3), _HEXAGON * 1.5
    _frame(paper, title, down * len(names) + _HEXAGON)
    canvas, most = paper.canvas, max(1, *(value for row in counts for value in row))
    paper.y -= _HEXAGON * 0.8
    words = "; ".join(
        f"{name} {count}" for row, of in zip(names, counts, strict=True) for name, count in zip(row, of, strict=True)
    )
    with canvas.content("Figure", _alternative(f"{title}. {words}.")):
        for row, (team, values) in enumerate(zip(names, counts, strict=True)):
            for at, (beat, value) in enumerate(zip(team, values, strict=True)):
                x = MARGIN + 100 + (at + 0.5 * (row % 2)) * across
                canvas.fill(_shade(value / most))
                canvas.polygon([_corner(x, paper.y, corner) for corner in range(6)])
                canvas.fill(INK if value / most < 0.55 else colour("#ffffff"))
                canvas.text(x - 12, paper.y + 2, beat, BOLD, 9)
                canvas.text(x - 12, paper.y - 10, str(value), size=8.5)
            paper.y -= down
    paper.y -= LINE


def _frame(paper: Paper, title: str, high: float) -> None:
    """Write the title above a chart that is ``high`` points high, on a page with room for it."""
    paper.need(high + 3 * LINE)
    paper.heading(title)


def _alternative(words: str) -> dict[str, str]:
    return {"Alt": text_string(words)}


def _said(labels: Sequence[str], now: Sequence[int], before: Sequence[int]) -> str:
    """Return the numbers of a chart in words."""
    return "; ".join(
        f"{label}: {current}, a year before {prior}" for label, current, prior in zip(labels, now, before, strict=True)
    )


def _shade(share: float) -> Colour:
    """Return a colour between pale and dark."""
    red, green, blue = (pale + (dark - pale) * share for pale, dark in zip(_PALE, _DARK, strict=True))
    return red, green, blue


def _corner(x: float, y: float, corner: int) -> tuple[float, float]:
    angle = math.pi / 6 + corner * math.pi / 3
    return x + _HEXAGON * 0.96 * math.cos(angle), y + _HEXAGON * 0.96 * math.sin(angle)
