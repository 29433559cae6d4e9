"""Reports in the archive of the tests' portal, with small PDFs, put there as a run puts them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from PIL import Image

from ckanext.cpdi import config
from ckanext.cpdi.publish import report_files
from ckanext.cpdi.store.reports import PageText, Received

WEEKLY, MONTHLY = "compstat-reports", "closed-investigations"


def week(end: date) -> tuple[date, date]:
    """Return the week that ends with a day."""
    return end - timedelta(days=6), end


def pdf(texts: Sequence[str]) -> bytes:
    """Return a PDF with a page for each text, which stands there line by line."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids: list[str] = []
    for text in texts:
        lines = "".join(f"({_escaped(line)}) Tj 0 -18 Td " for line in text.splitlines())
        stream = f"BT /F1 12 Tf 60 700 Td {lines}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    return _file(objects)


def publish(
    series: str,
    period: tuple[date, date],
    texts: Sequence[str] = (),
    origins: Sequence[str] = (),
    tagged: bool = True,
    language: str = "en",
) -> UUID:
    """Publish a report with a page for each text, and put its files where readers have them; return its id.

    Without texts it has a page that names its period.
    """
    texts = texts or (f"The period to {period[1]}.",)
    content = pdf(texts)
    checksum = hashlib.sha256(content).hexdigest()
    pages = tuple(
        PageText(number, text, origins[number - 1] if origins else "text") for number, text in enumerate(texts, 1)
    )
    received = Received(
        series, f"{period[1]}.pdf", checksum, checksum, len(content), pages, (), tagged, language, period
    )
    with config.store() as store:
        held = store.reports.publish(store.reports.receive(received, None))
    files, name = config.files_path(), report_files.period_name(*period)
    path = report_files.public_file(files, series, name, held.edition or 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    report_files.public_file(files, series, name, held.edition or 0, "webp").write_bytes(picture())
    return held.id


def picture() -> bytes:
    """Return a small picture."""
    written = io.BytesIO()
    Image.new("RGB", (85, 110), "white").save(written, "WEBP")
    return written.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Sequence[str]) -> bytes:
    written = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(written)
    written += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    written += "".join(f"{place:010} 00000 n \n" for place in places).encode()
    written += f"trailer << /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(written)
