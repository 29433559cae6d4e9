"""A file on its way in: whether it is a PDF that can be read, and may be published at all."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf

from ckanext.cpdi.reports.pdf.objects import Entry
from ckanext.cpdi.reports.report import Limits, Refused

_MARK = b"%PDF-"
_HEAD = 1024
"""Bytes: readers take a PDF whose mark is no further behind the start."""
_TAIL = 2048
_END = b"%%EOF"
_OTHERS = (
    ("html", (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<script")),
    ("zip", (b"pk\x03\x04", b"\xd0\xcf\x11\xe0")),
)
_INFLATED = 1 << 28
"""Bytes that one stream may have where it is decoded: 256 MB, more than a page of any scanner."""

_COMPLAINTS = 10_000
"""Things that are wrong in one file before it counts as damaged; some programs do the same wrong on each page."""

_ACTIVE = frozenset({Name.JavaScript, Name.Launch, Name.SubmitForm, Name.ImportData})
"""Actions that run, start or send something."""


def prepare() -> None:
    """Set the limits of pikepdf's library for this process."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=_INFLATED,
        run_length_max_memory=_INFLATED,
        png_max_memory=_INFLATED,
        tiff_max_memory=_INFLATED,
        dct_max_memory=_INFLATED,
        doc_max_warnings=_COMPLAINTS,
    )


def open_source(source: Path, content: bytes) -> Pdf:
    """Open a file with the given content; raise Refused where it is no PDF that can be read."""
    if _MARK not in content[:_HEAD]:
        raise Refused(_other_kind(content[:_HEAD]))
    try:
        # A file whose end is missing could be mended, without the pages that are missing.
        return pikepdf.open(source, conversion_mode="explicit", attempt_recovery=_END in content[-_TAIL:])
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except pikepdf.PdfError as error:
        raise Refused("no_pages" if "no pages" in str(error) else "damaged") from None


def check_pages(pdf: Pdf, limits: Limits) -> None:
    """Raise Refused for a file with too many pages or none."""
    try:
        pages = len(pdf.pages)
    except pikepdf.PikepdfError:
        raise Refused("damaged") from None
    if pages == 0:
        raise Refused("no_pages")
    if pages > limits.pages:
        raise Refused("too_many_pages", pages=pages, limit=limits.pages)


def check_content(pdf: Pdf, entries: list[Entry]) -> None:
    """Raise Refused for a file with scripts, or of a kind that only one program shows."""
    names = pdf.Root.get(Name.Names)
    if isinstance(names, Dictionary) and Name.JavaScript in names:
        raise Refused("scripts")
    if any(_is_active(item) for item, keys in entries if "/S" in keys):
        raise Refused("scripts")
    # What is shown in place of such a form is the advice to use another program.
    if pdf.Root.get(Name.NeedsRendering) == pikepdf.Boolean(True):
        raise Refused("form")


def _is_active(item: Object) -> bool:
    """Return whether a dictionary is an action that runs, starts or sends something."""
    kind = item.get("/S")
    if not isinstance(kind, Name):
        return False
    # A tagged report has thousands of parts with such a key: few are looked at further.
    return (kind in _ACTIVE or "/JS" in item) and item.get("/Type", Name.Action) == Name.Action


def _other_kind(head: bytes) -> str:
    """Return what a file that is no PDF looks like, as a reason to refuse it."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((kind for kind, marks in _OTHERS if start.startswith(marks)), "not_pdf")
