"""Plain copies of packed files, for readers that cannot take gzip or want a part: made when somebody asks.

They lie beside the files, where a purge and a build take them away with all else, and have no name of a file. Where
there are more than the operator wants, those go that nobody asked for longest.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ckanext.cpdi.errors import Said, of_system
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.packed import SUFFIX
from ckanext.cpdi.publish.snapshot_store import Snapshot
from ckanext.cpdi.whole_file import written

LOCK = ".unpacking"


class NoCopyError(OSError):
    """There is no room for a copy, or no leave to write one."""


def name_of(stored: str) -> str:
    """Return what the copy of the packed file ``stored`` is called."""
    return f".{stored.removesuffix(SUFFIX)}"


def copy_of(snapshot: Snapshot, most: int) -> Path:
    """Return the plain copy of a packed file, made where there is none; that is a second for each GB.

    All copies of its folder together have no more than ``most`` bytes, unless one alone has. Raises FileNotFoundError
    where the file has gone, and NoCopyError where no copy can be made; its blocks can be had all the same.
    """
    copy = snapshot.path.with_name(name_of(snapshot.path.name))
    try:
        with snapshot_store.locked(copy.parent, LOCK):
            if copy.exists():
                os.utime(copy)  # the oldest to be asked for goes first
                return copy
            _make_room(copy.parent, most - snapshot.size)
            _unpack(snapshot, copy)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NoCopyError(
            Said("{name} cannot be unpacked: {strerror}", name=snapshot.path.name, strerror=of_system(error))
        ) from error
    if not snapshot.path.exists():  # what took the file away may not have seen the copy
        copy.unlink(missing_ok=True)
        raise FileNotFoundError(snapshot.path)
    return copy


def _unpack(snapshot: Snapshot, copy: Path) -> None:
    """Write the copy, and put it in its place whole."""
    if shutil.disk_usage(copy.parent).free < 2 * snapshot.size:
        raise NoCopyError("the disk is nearly full")
    with written(copy) as made, made.open("wb") as file:
        file.writelines(snapshot.blocks())


def _make_room(home: Path, most: int) -> None:
    """Take the copies away that were not asked for longest, until the rest has no more than ``most`` bytes."""
    copies = sorted(_copies(home), key=lambda copy: copy[1].st_mtime, reverse=True)
    for path, facts in copies:
        most -= facts.st_size
        if most < 0:
            path.unlink(missing_ok=True)


def _copies(home: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for snapshot in snapshot_store.every(home.parent, home.name):
        if snapshot.is_packed:
            path = snapshot.path.with_name(name_of(snapshot.path.name))
            with suppress(FileNotFoundError):
                yield path, path.stat()
