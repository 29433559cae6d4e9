"""Files of a folder in the drop folder, or those of it whose names fit a pattern."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath

from ckanext.cpdi.errors import Said, of_system
from ckanext.cpdi.feeds.collections.entry import MOST, Entry
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool, digest
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.settings import FetchSettings
from ckanext.cpdi.feeds.protocols.drop import PREFIX, Drop, open_in

_UNFINISHED = (".", "~$")
"""How names of hidden files begin, and of those that a program has open."""


def folder_of(location: str, settings: FetchSettings) -> tuple[Path, str] | None:
    """Return the folder that ``location`` names and the pattern of names; None where it is no folder's address."""
    if not location.startswith(PREFIX):
        return None
    Drop().check(location)
    if settings.drop_dir is None:
        raise FeedError("refused", "No drop folder is set, so nothing can be taken from it.")
    root = settings.drop_dir.resolve()
    name = PurePosixPath(location.removeprefix(PREFIX))
    inner, pattern = (name.parent, name.name) if "*" in name.name else (name, "*")
    folder = (root / inner).resolve()
    if not folder.is_relative_to(root):
        raise FeedError("refused", "The location leads out of the drop folder.")
    if not folder.is_dir():
        if pattern != "*":
            raise FeedError("missing", "There is no folder of this name in the drop folder.")
        return None
    return folder, pattern


def folder_entries(folder: Path, pattern: str, settings: FetchSettings) -> Iterator[Entry]:
    """Yield the files of ``folder`` and of the folders in it, in the order in which people read their names."""
    paths = [path for path in _paths(folder) if fnmatchcase(path.name, pattern)]
    for path in sorted(paths, key=lambda path: _natural(str(path.relative_to(folder)))):
        yield Entry(path.name, partial(_fetch, folder, path, settings))


def _paths(folder: Path) -> Iterator[Path]:
    """Yield the files below ``folder``; raise FeedError where there are too many."""
    counted = 0
    for parent, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = [name for name in folders if not name.startswith(_UNFINISHED)]
        for name in names:
            if not name.startswith(_UNFINISHED):
                counted += 1
                if counted > MOST:
                    raise FeedError("too_large", Said("The folder has more than {most:,} files.", most=MOST))
                yield Path(parent) / name


def _unreadable(error: OSError) -> None:
    raise FeedError(
        "missing", Said("A folder of the drop folder cannot be read: {strerror}.", strerror=of_system(error))
    ) from None


def _fetch(
    folder: Path, path: Path, settings: FetchSettings, previous: Version | None, known: Container[str]
) -> Spool | str:
    """Return the file: it is read where it lies, and copied only where it is not known."""
    name = str(path.relative_to(folder))
    with open_in(name, folder) as file:
        sha256, _ = digest(file)
    if sha256 in known:
        return sha256
    return Drop().fetch(PREFIX + name, replace(settings, drop_dir=folder), previous)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key by which ``week 9`` comes before ``week 10``."""
    return [(int(part), "") if part.isdigit() else (-1, part.lower()) for part in re.split(r"([0-9]+)", name)]
