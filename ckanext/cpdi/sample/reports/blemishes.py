"""What should not be in a published report: covered text, comments, scanned pages, metadata, attached files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from ckanext.cpdi.sample.reports.canvas import HEIGHT, WIDTH
from ckanext.cpdi.sample.reports.document import array, dictionary, text_string
from ckanext.cpdi.sample.reports.fonts import PLAIN, lines, width
from ckanext.cpdi.sample.reports.paper import INK, LINE, MARGIN, NOTICE, Head, Paper

_DPI = 100
_PAPER, _TONER = 246, 40

NO_PDF = b"""<!DOCTYPE html>
<html><head><title>SAMPLE: session has ended</title></head>
<body><p>SYNTHETIC SAMPLE. Please sign in again to download this report.</p></body></html>
"""
"""A page of a file server's, saved under the name of a report."""
WORKSHEET = b"SAMPLE,sheet,draft\n1,of,3\n"
LEFT_IN = "SAMPLE note: Ms. Odetta Pellwright can be reached at 843-555-0142 for the missing statement."
"""A sentence with an invented name and a telephone number of those that nobody has."""


def cover(paper: Paper, text: str) -> None:
    """Write ``text`` and draw a black bar over it, which does not remove the text."""
    paper.paragraph(text)
    with paper.canvas.decoration():
        paper.canvas.fill(INK)
        paper.canvas.area(MARGIN - 2, paper.y + LINE + 1, width(text, PLAIN, 9.5) + 4, LINE)


def comment(paper: Paper, text: str) -> None:
    """Add a comment to the page."""
    box = array(f"{at:g}" for at in (WIDTH - 80, round(paper.y), WIDTH - 60, round(paper.y) + 20))
    entries = {"Type": "/Annot", "Subtype": "/Text", "Rect": box, "Contents": text_string(text)}
    paper.canvas.annotate(dictionary(entries))


def scan(paper: Paper, texts: Sequence[str]) -> None:
    """Add a page without text: a picture of ``texts``, a little askew, as of a scanner."""
    scale = _DPI / 72
    page = Image.new("L", (int(WIDTH * scale), int(HEIGHT * scale)), _PAPER)
    pen, y = ImageDraw.Draw(page), 120
    for text in (NOTICE, paper.head.title, *texts):
        for line in lines(text, PLAIN, 17, WIDTH - 110):
            pen.text((80, y), line, fill=_TONER, font=_typeface())
            y += 30
        y += 14
    picture = page.rotate(0.8, fillcolor=_PAPER).convert("1", dither=Image.Dither.NONE)
    paper.canvas.turn()
    paper.canvas.picture(picture.tobytes(), *picture.size)
    # The next text begins a new page.
    paper.y = -HEIGHT


def metadata(head: Head) -> dict[str, str]:
    """Return metadata as word processors write it, which tell of drafts, people and servers."""
    written = f"(D:{head.published:%Y%m%d}091500Z)"
    return {
        "Title": text_string(f"SAMPLE {head.id}.docx"),
        "Author": text_string("SAMPLE Analyst Q. Marrow"),
        "Creator": text_string("SAMPLE Word Processor"),
        "Producer": text_string("ckanext-cpdi"),
        "Subject": text_string("DRAFT"),
        "Keywords": text_string(r"\\SAMPLE-SERVER\crime analysis\drafts"),
        "CreationDate": written,
        "ModDate": written,
    }


@cache
def _typeface() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(22)
