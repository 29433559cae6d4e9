"""A page drawn into pixels, of a size that the page itself does not decide."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_WHITE = (255, 255, 255, 255)


def draw(
    page: pdfium.PdfPage, width: int, height: int, *, grey: bool = False, annotations: bool = False
) -> pdfium.PdfBitmap:
    """Return the page on white paper, ``width`` × ``height`` pixels, in grey or RGB; form fields are not drawn."""
    bitmap = pdfium.PdfBitmap.new_native(
        width, height, raw.FPDFBitmap_Gray if grey else raw.FPDFBitmap_BGR, rev_byteorder=not grey
    )
    bitmap.fill_rect(_WHITE, 0, 0, width, height)
    flags = (raw.FPDF_GRAYSCALE if grey else raw.FPDF_REVERSE_BYTE_ORDER) | (raw.FPDF_ANNOT if annotations else 0)
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    return bitmap
