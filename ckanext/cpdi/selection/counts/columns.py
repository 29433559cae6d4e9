"""The columnar file of a version, which everything here is counted from."""

from __future__ import annotations

from ckanext.cpdi.query.writers.frame_answers import FrameAnswers
from ckanext.cpdi.selection.errors import NoRowsError
from ckanext.cpdi.selection.reader import Reader


def file_of(reader: Reader) -> FrameAnswers:
    """Return the answers of the file; raise NoRowsError where the file of this version is still being made."""
    if reader.file is None:
        raise NoRowsError("the rows of this table are being prepared; please ask again in a minute")
    return reader.file
