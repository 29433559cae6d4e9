"""Where the columnar file of a version lies, and whether it is there. Nothing here loads a library of files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from ckanext.cpdi.declare import Table

_FORMAT = 2
"""What a file has beside the declared columns, and the order of its rows; another number has all files made anew."""
_END = b"ARROW1"
_NAME = "columns.{version}.{shape}.arrow"
CELL = 28
"""Bytes of one field of one row, about, its working file included."""


def path_of(home: Path, version: str, table: Table, zone: str) -> Path:
    """Return where the file of ``version`` lies in the folder ``home`` of the table's files."""
    said = [_FORMAT, zone, table.point, *((field.name, field.type) for field in table.fields)]
    shape = hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:12]
    return home / _NAME.format(version=version, shape=shape)


def file_of(home: Path, version: str) -> Path | None:
    """Return the file of ``version``; None where there is none."""
    return next(iter(sorted(home.glob(_NAME.format(version=version, shape="*")))), None)


def is_whole(path: Path) -> bool:
    """Return whether the file is there up to its end."""
    try:
        with path.open("rb") as file:
            file.seek(-len(_END), 2)
            return file.read() == _END
    except OSError:
        return False
