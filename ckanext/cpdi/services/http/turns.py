"""Turns for what costs a processor: so many processes of this machine do it at a time, the others wait in line.

In: a folder that all web processes share. Out: a block that runs when there is room. A process that dies gives its
turn back, since the system frees its lock.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from ckanext.cpdi.selection.errors import BusyError

PLACES = 2
PATIENCE = 60.0
"""Seconds to wait for a turn."""
_PAUSE = 0.1


@contextmanager
def turn(folder: Path, places: int = PLACES, patience: float = PATIENCE) -> Generator[None]:
    """Run the block when fewer than ``places`` others run; raise BusyError after ``patience`` seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + patience
    with ExitStack() as stack:
        while not any(_taken(stack, folder / f".turn-{place}") for place in range(places)):
            if time.monotonic() > until:
                raise BusyError("many files of chosen rows are being written; please ask again in a minute")
            time.sleep(_PAUSE)
        yield


def _taken(stack: ExitStack, path: Path) -> bool:
    """Return whether the lock of ``path`` was free; then ``stack`` holds it."""
    file: IO[str] = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    stack.callback(file.close)
    return True
