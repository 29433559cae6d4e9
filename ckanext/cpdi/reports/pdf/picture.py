"""The picture of a report's first page."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from ckanext.cpdi.reports.pdf.drawing import draw
from ckanext.cpdi.reports.pdf.frame import Frame
from ckanext.cpdi.reports.report import Box, Refused, Task

_WIDTH = 300
_TALLEST = 600
_MOST_BYTES = 30_000
_APART, _LABEL = 5, 18
"""Pixels between a box and its frame; the height of the frame's number."""
_RED, _WHITE = (168, 32, 26), (255, 255, 255)
_QUALITIES = (80, 65, 50, 35, 20, 5)


def prepare() -> None:
    """Load what pictures are written with, which would be done for each file else."""
    Image.preinit()
    importlib.import_module("PIL.WebPImagePlugin")


def draw_large(task: Task) -> None:
    """Write one page as WebP, as wide as the task says and twice as high at most; raise Refused where there is none."""
    document = pdfium.PdfDocument(task.source)
    if not 1 <= task.page <= len(document):
        raise Refused("no_pages")
    page = document[task.page - 1]
    frame = Frame(page)
    scale = min(task.width / frame.width, 2 * task.width / frame.height)
    size = (max(1, round(side * scale)) for side in (frame.width, frame.height))
    image = draw(page, *size).to_pil()
    _frame(ImageDraw.Draw(image), task.boxes, scale)
    image.save(task.picture, "WEBP", quality=80, method=2)


def _frame(image: ImageDraw.ImageDraw, boxes: Iterable[tuple[int, Box]], scale: float) -> None:
    """Draw a numbered frame around each box, a little apart from what is in it."""
    font = ImageFont.load_default(_LABEL)
    for number, box in boxes:
        left, top, right, bottom = (side * scale for side in box)
        image.rectangle((left - _APART, top - _APART, right + _APART, bottom + _APART), outline=_RED, width=3)
        label = image.textbbox((max(0.0, left - _APART), max(0.0, top - _APART - _LABEL - 4)), str(number), font=font)
        image.rectangle((label[0] - 3, label[1] - 3, label[2] + 3, label[3] + 3), fill=_RED)
        image.text((max(0.0, left - _APART), max(0.0, top - _APART - _LABEL - 4)), str(number), fill=_WHITE, font=font)


def draw_picture(page: pdfium.PdfPage, target: Path) -> None:
    """Write a page as WebP, 300 pixels wide or 600 high at most, in 30 kB at most."""
    frame = Frame(page)
    scale = min(_WIDTH / frame.width, _TALLEST / frame.height)
    size = (max(1, round(side * scale)) for side in (frame.width, frame.height))
    image = draw(page, *size).to_pil()
    data = b""
    for quality in _QUALITIES:
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=quality, method=2)
        data = packed.getvalue()
        if len(data) <= _MOST_BYTES:
            break
    target.write_bytes(data)
