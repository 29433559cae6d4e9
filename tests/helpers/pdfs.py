"""Small PDFs for tests: pages drawn by reportlab, and changes that reportlab does not know, by pikepdf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ckanext.cpdi.reports import Examination, Limits, examine

LETTER = (612, 792)
_SCALE = 3


def drawn(path: Path, *pages: Callable[[Canvas], None]) -> Path:
    """Write a PDF, a page for each function that draws on it."""
    canvas = Canvas(str(path), pagesize=LETTER, invariant=1)
    for draw in pages:
        canvas.setFont("Helvetica", 11)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def lines(*texts: str, top: float = 720) -> Callable[[Canvas], None]:
    """Return what draws lines of text, 20 points apart."""

    def draw(canvas: Canvas) -> None:
        for at, text in enumerate(texts):
            canvas.drawString(60, top - 20 * at, text)

    return draw


def scan(*texts: str) -> Callable[[Canvas], None]:
    """Return what draws a scanned page: a picture of lines of text, and nothing else."""

    def draw(canvas: Canvas) -> None:
        # A font with accents.
        font = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 14 * _SCALE)
        page = Image.new("L", (LETTER[0] * _SCALE, LETTER[1] * _SCALE), 250)
        pen = ImageDraw.Draw(page)
        for at, text in enumerate(texts):
            pen.text((60 * _SCALE, (80 + 30 * at) * _SCALE), text, fill=20, font=font)
        canvas.drawImage(ImageReader(page), 0, 0, *LETTER)

    return draw


def written(path: Path, *pages: Sequence[str]) -> Path:
    """Write a PDF, a page for each list of lines."""
    return drawn(path, *(lines(*texts) for texts in pages))


def changed(path: Path, change: Callable[[pikepdf.Pdf], None], **how: object) -> Path:
    """Change a PDF by pikepdf and write it anew; ``how`` goes to ``save``."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path, **how)
    return path


def examined(path: Path, limits: Limits | None = None, **how: object) -> Examination:
    """Examine a PDF; its clean form is beside it as ``clean.pdf``, its picture as ``picture.webp``."""
    return examine(path, path.with_name("clean.pdf"), path.with_name("picture.webp"), limits, **how)
