"""Whether the disk has room for the files that a build will make, asked before it writes any."""

from __future__ import annotations

import shutil
from pathlib import Path

from ckanext.cpdi.errors import PortalError, Said

SPARE = 1.2
"""What is wanted for each byte of a file: sizes are estimates, and layers of a Shapefile lie unpacked for a while."""
_MB = 1_000_000


class NoRoomError(PortalError, RuntimeError):
    """The disk has not the room that a build wants; nothing was written."""


def check(folder: Path, size: int) -> None:
    """Raise NoRoomError where the disk of ``folder`` has no room for files of ``size`` bytes, and what is spare."""
    wanted, free = int(size * SPARE), shutil.disk_usage(folder).free
    if wanted > free:
        raise NoRoomError(
            Said(
                "the disk of the files has {free:,.0f} MB free, and new files need {wanted:,.0f} MB "
                "beside the old ones (ckanext.cpdi.formats says which formats are made)",
                free=free / _MB,
                wanted=wanted / _MB,
            )
        )
