"""The picture that social networks show of a page: emblem, title, and who publishes, as a PNG.

In: words. Out: the bytes of a file of 1,200 × 630 points, which is what the networks ask for.
"""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

Point = tuple[float, float]
WIDTH, HEIGHT = 1200, 630
_FINER = 2
"""The picture is drawn larger by this, and made smaller then, so that its edges are smooth."""
_BLUE, _GOLD, _WHITE, _PALE = "#12305a", "#f5c451", "#ffffff", "#c9d6ea"
_LEFT, _RIGHT, _TOP = 96, WIDTH - 96, 250
_SIZES = (72, 64, 56, 48, 40)
_LINES = 3
_STAR = ((24, 9.5), (25.7, 14.2), (30.7, 14.3), (26.8, 17.4), (28.1, 22.2), (24, 19.4), (19.9, 22.2), (21.2, 17.4),
         (17.3, 14.3), (22.3, 14.2))  # fmt: skip
_BARS = (
    ((13.5, 33), (18.5, 33), (18.5, 39.5), (13.5, 34.7)),
    ((21.5, 29), (26.5, 29), (26.5, 43.3), (24, 45), (21.5, 43.3)),
    ((29.5, 25), (34.5, 25), (34.5, 34.7), (29.5, 39.5)),
)


def draw(title: str, below: str, publisher: str) -> bytes:
    """Return the picture of ``title``, with a line ``below`` it, and the publisher beside the emblem."""
    from PIL import Image, ImageDraw  # late, since few answers need it

    image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), _BLUE)
    pen = ImageDraw.Draw(image)
    _emblem(pen, _LEFT, 80, 2.3)
    _write(
        pen, publisher, (_LEFT + 150, 126), _fitting([publisher], "Vera.ttf", (34, 28, 22), _RIGHT - _LEFT - 150), _PALE
    )
    size, lines = _broken(title)
    heavy = _font("VeraBd.ttf", size)
    for number, line in enumerate(lines):
        _write(pen, line, (_LEFT, _TOP + number * size * 1.25), heavy, _WHITE)
    pen.rectangle([0, (HEIGHT - 14) * _FINER, WIDTH * _FINER, HEIGHT * _FINER], fill=_GOLD)
    _write(pen, below, (_LEFT, HEIGHT - 92), _fitting([below], "Vera.ttf", (30, 26, 22), _RIGHT - _LEFT), _GOLD)
    output = io.BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(64).save(output, "PNG", optimize=True)
    return output.getvalue()


def _font(name: str, size: float) -> FreeTypeFont:
    """Return a font that comes with ReportLab and has the letters of English and Spanish."""
    from PIL import ImageFont

    spec = find_spec("reportlab")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("reportlab")
    return ImageFont.truetype(Path(spec.origin).parent / "fonts" / name, round(size * _FINER))


def _fitting(lines: list[str], name: str, sizes: tuple[int, ...], width: float) -> FreeTypeFont:
    """Return the largest font of ``sizes`` in which every one of ``lines`` fits; else the smallest."""
    fonts = [_font(name, size) for size in sizes]
    fits = (font for font in fonts if all(font.getlength(line) <= width * _FINER for line in lines))
    return next(fits, fonts[-1])


def _broken(title: str) -> tuple[int, list[str]]:
    """Return the size in which ``title`` has three lines at most, and its lines; what is longer than that is cut."""
    broken = [(size, _wrap(title, _font("VeraBd.ttf", size))) for size in _SIZES]
    size, lines = next(((size, lines) for size, lines in broken if len(lines) <= _LINES), broken[-1])
    return (size, lines) if len(lines) <= _LINES else (size, [*lines[: _LINES - 1], f"{lines[_LINES - 1]} …"])


def _wrap(text: str, font: FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > (_RIGHT - _LEFT) * _FINER:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _write(pen: ImageDraw, text: str, at: Point, font: FreeTypeFont, colour: str) -> None:
    pen.text((at[0] * _FINER, at[1] * _FINER), text, font=font, fill=colour)


def _emblem(pen: ImageDraw, left: float, top: float, scale: float) -> None:
    """Draw the emblem of the site (``public/cpdi/emblem.svg``)."""

    def placed(points: tuple[Point, ...]) -> list[Point]:
        return [((left + x * scale) * _FINER, (top + y * scale) * _FINER) for x, y in points]

    for inset, colour in ((0.0, _GOLD), (3.3, _BLUE)):
        pen.polygon(placed(_shield(inset)), fill=colour)
    pen.polygon(placed(_STAR), fill=_GOLD)
    for bar in _BARS:
        pen.polygon(placed(bar), fill=_WHITE)


def _shield(inset: float) -> tuple[Point, ...]:
    """Return the outline of a shield of 48 × 56, ``inset`` from its edge."""
    right, tip, shoulder = 45 - inset, 55 - inset * 1.15, 26
    curve = [
        _cubic((right, shoulder), (right, shoulder + 14.5), (36 - inset / 2, 50 - inset), (24, tip), step / 20)
        for step in range(21)
    ]
    half = [(24.0, 1 + inset * 1.1), (right, 7 + inset * 0.8), *curve]
    return (*half, *((48 - x, y) for x, y in reversed(half)))


def _cubic(start: Point, first: Point, second: Point, end: Point, share: float) -> Point:
    """Return the point at ``share`` of a Bézier curve."""
    rest = 1 - share
    weights = (rest**3, 3 * share * rest**2, 3 * share**2 * rest, share**3)
    x, y = (
        sum(weight * point[axis] for weight, point in zip(weights, (start, first, second, end), strict=True))
        for axis in (0, 1)
    )
    return x, y
