"""The picture of a report's first page."""

from __future__ import annotations

import importlib
import io
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from ckanext.cpdi.reports.pdf.drawing import draw
from ckanext.cpdi.reports.pdf.frame import Frame

_WIDTH = 300
_TALLEST = 600
_MOST_BYTES = 30_000
_QUALITIES = (80, 65, 50, 35, 20, 5)


def prepare() -> None:
    """Load what pictures are written with, which would be done for each file else."""
    Image.preinit()
    importlib.import_module("PIL.WebPImagePlugin")


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
