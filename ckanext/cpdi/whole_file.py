"""Files that a reader sees as they were or as they are to be, never half of one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_USUAL = 0o666
"""The mode of a file for everybody whom the process's umask lets in."""


@contextmanager
def written(path: Path, *, mode: int = _USUAL, durable: bool = False) -> Generator[Path]:
    """Give the name of an empty file beside ``path`` to write into; what was written takes the place of ``path``.

    An exception in the block leaves ``path`` as it was, and nothing beside it. The file has ``mode`` from its first
    byte on; with ``durable`` it outlives a loss of power. Raises OSError where it cannot be written.
    """
    # A name of its own for each writer: threads of one process write the same file.
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield fresh
        if durable:
            put(fresh, path)
        else:
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def move(made: Path, target: Path) -> None:
    """Rename ``made`` to ``target``; what loses power before the system wrote it is made again."""
    made.replace(target)


def put(made: Path, target: Path) -> None:
    """Rename ``made`` to ``target``, once its content is safe on the disk; then the name, too."""
    sync(made)
    made.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
