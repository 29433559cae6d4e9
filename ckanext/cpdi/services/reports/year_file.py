"""A year's reports as one ZIP, written while it is sent: PDFs as they are, and a list of them as CSV.

Each file is in memory while it is sent, and no other. Local headers have sizes and checksums, for programs that read a
ZIP from its beginning.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from flask import Response, request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.publish import report_files
from ckanext.cpdi.selection.reports.archive import Edition
from ckanext.cpdi.services.reports.series import period_of

INDEX = "index.csv"


def answer(series: str, year: int, editions: Sequence[Edition]) -> Response:
    """Return the ZIP of ``editions``, which are those of ``year``."""
    # The files are there when the answer begins; what is withdrawn while it is sent breaks it off.
    body = () if request.method == "HEAD" else written(editions)
    response = Response(body, mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{series}-{year}.zip")
    response.last_modified = max(edition.published for edition in editions)
    return response


def written(editions: Iterable[Edition]) -> Iterator[bytes]:
    """Yield the ZIP of ``editions`` in pieces of a file each, oldest period first."""
    sink, folder = _Sink(), config.files_path()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        ordered = sorted(editions, key=lambda edition: edition.period_end)
        archive.writestr(_entry(INDEX, max(edition.published for edition in ordered)), _index(ordered))
        yield sink.take()
        for edition in ordered:
            path = report_files.public_file(folder, edition.series, period_of(edition), edition.edition)
            archive.writestr(_entry(_name(edition), edition.published), path.read_bytes())
            yield sink.take()
    yield sink.take()


def _name(edition: Edition) -> str:
    return f"{period_of(edition)}.pdf"


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    """Return an entry that is the same whenever it is written."""
    entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.external_attr = 0o644 << 16
    return entry


def _index(editions: Iterable[Edition]) -> str:
    text = io.StringIO()
    lines = csv.DictWriter(text, list(_COLUMNS))
    lines.writeheader()
    lines.writerows({name: column(edition) for name, column in _COLUMNS.items()} for edition in editions)
    return text.getvalue()


def _own_address(edition: Edition) -> str:
    return addresses.url(report_files.address(edition.series, period_of(edition), edition.edition))


_COLUMNS: dict[str, Callable[[Edition], object]] = {
    "file": _name,
    "series": lambda edition: edition.series,
    "period_start": lambda edition: edition.period_start,
    "period_end": lambda edition: edition.period_end,
    "edition": lambda edition: edition.edition,
    "pages": lambda edition: edition.pages,
    "size": lambda edition: edition.size,
    "sha256": lambda edition: edition.clean_sha256,
    "published": lambda edition: edition.published.isoformat(timespec="seconds"),
    "address": _own_address,
}
"""The columns of the list of a year's reports."""


class _Sink(io.RawIOBase):
    """A file of which only what was written since the last :meth:`take` is kept, and can be written over."""

    def __init__(self) -> None:
        super().__init__()
        self._taken = 0
        self._kept = io.BytesIO()

    def take(self) -> bytes:
        """Return what was written, and keep none of it."""
        piece = self._kept.getvalue()
        self._taken += len(piece)
        self._kept = io.BytesIO()
        return piece

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  what zipfile writes
        return self._kept.write(data)

    def tell(self) -> int:
        return self._taken + self._kept.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = self._taken if whence == io.SEEK_SET else 0
        return self._taken + self._kept.seek(offset - base, whence)
