"""Files that staff send to draft from: in the spool while they are read, and kept nowhere."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from ckanext.cpdi import config
from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.phrases import phrase

LARGEST, LARGEST_BOUNDARY = 50 << 20, 5 << 20
"""Bytes of an export, for larger ones are for the operator's command line, and of a boundary, which stays in the
profile.
"""


@contextmanager
def export(upload: FileStorage | None) -> Generator[Path]:
    """Give the path of an uploaded export; raise DraftError where there is none, or where it is too large."""
    if upload is None or not upload.filename:
        raise DraftError(Text("Choose the file of an export.", "Elija el archivo de una exportación."))
    too_large = phrase(
        "The file is larger than {n} MB: ask the operator for `ckan cpdi profile new`.",
        "El archivo supera {n} MB: pida al operador `ckan cpdi profile new`.",
        n=LARGEST >> 20,
    )
    with _spooled(upload, upload.filename, LARGEST, too_large) as path:
        yield path


@contextmanager
def boundary(upload: FileStorage | None) -> Generator[Path | None]:
    """Give the path of an uploaded boundary, None where there is none; raise DraftError where it is too large."""
    if upload is None or not upload.filename:
        yield None
        return
    too_large = phrase(
        "The boundary is larger than {n} MB: export it with fewer vertices, an outline to ten metres is enough.",
        "El límite supera {n} MB: expórtelo con menos vértices; basta un contorno con precisión de diez metros.",
        n=LARGEST_BOUNDARY >> 20,
    )
    with _spooled(upload, upload.filename, LARGEST_BOUNDARY, too_large) as path:
        yield path


@contextmanager
def _spooled(upload: FileStorage, name: str, largest: int, too_large: Text) -> Generator[Path]:
    """Give the path of an upload in the spool; it is removed afterwards."""
    from ckanext.cpdi.feeds.files.spool import SpoolFolder

    folder = SpoolFolder(config.spool_path())
    try:
        path = folder.path / (secure_filename(name) or "upload")
        upload.save(path)
        if path.stat().st_size > largest:
            raise DraftError(too_large)
        yield path
    finally:
        folder.delete()
