"""Everything that is done with one file, in the order in which it is done."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pypdfium2 as pdfium

from ckanext.cpdi.reports.pdf.cleaning import open_source, save
from ckanext.cpdi.reports.pdf.frame import Frame
from ckanext.cpdi.reports.pdf.picture import draw_picture
from ckanext.cpdi.reports.pdf.words import read_words
from ckanext.cpdi.reports.report import Examination, Page, Refused, Task


def inspect(task: Task) -> Examination:
    """Examine, clean and picture one file; raise Refused."""
    source, clean = Path(task.source), Path(task.clean)
    content = source.read_bytes()
    if b"%PDF-" not in content[:1024]:
        raise Refused("not_pdf")
    with open_source(source) as pdf:
        if len(pdf.pages) > task.limits.pages:
            raise Refused("too_many_pages", pages=len(pdf.pages), limit=task.limits.pages)
        save(pdf, clean)
    document = pdfium.PdfDocument(clean)
    draw_picture(document[0], Path(task.picture))
    pages = tuple(_page(document, at) for at in range(len(document)))
    cleaned = clean.read_bytes()
    return Examination(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        clean_sha256=hashlib.sha256(cleaned).hexdigest(),
        clean_size=len(cleaned),
        pages=pages,
        findings=(),
        tagged=False,
        language="",
    )


def _page(document: pdfium.PdfDocument, at: int) -> Page:
    page = document[at]
    frame = Frame(page)
    reading = read_words(page.get_textpage(), frame)
    return Page(at + 1, frame.width, frame.height, reading.text, reading.words, "text" if reading.words else "none")
