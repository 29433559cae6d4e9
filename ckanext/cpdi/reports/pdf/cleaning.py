"""A PDF written anew without what is not meant for readers."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from ckanext.cpdi.reports.report import Refused

_TAIL = 2048


def open_source(source: Path) -> pikepdf.Pdf:
    """Open a file; raise Refused where it is no PDF that can be read."""
    try:
        return pikepdf.open(source)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except pikepdf.PdfError:
        raise Refused("damaged") from None


def save(pdf: pikepdf.Pdf, target: Path) -> None:
    """Write the file anew: only what it uses, and the same bytes each time."""
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    if "/Metadata" in pdf.Root:
        del pdf.Root["/Metadata"]
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
