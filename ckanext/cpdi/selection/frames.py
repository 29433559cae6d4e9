"""The columnar file of the version that is read, mapped into this process; none where it is not (yet) there.

In: the folder of a table's files, and a version. Out: answers of its rows, or None: the database knows them all. A
process maps the newest file of each table, and lets go of those that were removed meanwhile, since a purge is done only
when nobody holds the rows.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Table
from ckanext.cpdi.publish.columnar import shelf
from ckanext.cpdi.selection.places import PublishedPlaces

if TYPE_CHECKING:
    from ckanext.cpdi.query.writers.frame_answers import FrameAnswers

log = logging.getLogger(__name__)

LEAST = 20_000
"""Rows from which on a file is asked: of fewer the database gives any answer in some milliseconds."""


@dataclass(frozen=True)
class _Mapped:
    path: Path
    version: str
    places: PublishedPlaces
    answers: FrameAnswers


_mapped: dict[Path, _Mapped] = {}
_lock = Lock()


def answers(home: Path, table: Table, version: str, places: PublishedPlaces) -> FrameAnswers | None:
    """Return the answers of the file of ``version`` in the folder ``home``, whose areas are those of ``places``; None
    where there is none.
    """
    with _lock:
        _let_go()
        mapped = _mapped.get(home)
        if mapped is None or mapped.version != version or mapped.places is not places:
            mapped = _map(home, table, version, places)
            if mapped is None:
                return None
            _mapped[home] = mapped
        return mapped.answers


def _let_go() -> None:
    """Let go of files that were removed."""
    for home, mapped in list(_mapped.items()):
        if not os.path.exists(mapped.path):  # noqa: PTH110  a fifth of the time, on each question
            del _mapped[home]


def _map(home: Path, table: Table, version: str, places: PublishedPlaces) -> _Mapped | None:
    path = shelf.file_of(home, version)
    if path is None:
        return None
    from ckanext.cpdi.publish.columnar.open import DAMAGED, open_file
    from ckanext.cpdi.query.writers.frame import FrameWriter
    from ckanext.cpdi.query.writers.frame_answers import FrameAnswers

    try:
        rows = open_file(path)
    except DAMAGED as error:
        log.warning("%s cannot be read: %s", path.name, type(error).__name__)
        return None
    writer = FrameWriter(table, rows.frame, rows.zone, places.areas)
    return _Mapped(path, version, places, FrameAnswers(writer, rows.let_go))
