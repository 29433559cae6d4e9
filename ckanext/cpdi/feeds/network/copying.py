"""Copies a file of some store into a spool, and proves that the copy is one complete version of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool, check_size, spooling
from ckanext.cpdi.feeds.network.attempts import TransientError
from ckanext.cpdi.feeds.network.deadline import Deadline
from ckanext.cpdi.feeds.network.settings import FetchSettings


@dataclass(frozen=True)
class State:
    """How a store describes a file: its ``size`` in bytes, and a ``stamp`` that changes with every write."""

    size: int
    stamp: str


class StoredFile(Protocol):
    """A file of a store: its name, its present state, its bytes from the beginning."""

    name: str

    def state(self) -> State:
        """Ask the store for the file's present state."""
        ...

    def blocks(self) -> Iterator[bytes]:
        """Yield the file's bytes."""
        ...


def copy_file(
    file: StoredFile, settings: FetchSettings, deadline: Deadline, before: State | None = None, etag: str = ""
) -> Spool:
    """Return a copy of ``file``, whose state was ``before``; ``etag`` goes into the spool's version.

    The size before, the bytes that came and the size after are equal, under one stamp. Raises FeedError: too_large,
    timeout, changed where the file was written to meanwhile; TransientError (truncated) where the store gave fewer
    bytes than it announced.
    """
    before = before or file.state()
    check_size(before.size, settings.max_bytes)
    with spooling(settings.spool_dir, settings.max_bytes) as writer:
        for block in file.blocks():
            if writer.size + len(block) > before.size:
                raise _changed()
            writer.write(block)
            deadline.remaining()
        if file.state() != before:
            raise _changed()
        if writer.size != before.size:
            raise TransientError(
                FeedError(
                    "truncated",
                    Said("{size:,} bytes came, but {size2:,} were announced.", size=writer.size, size2=before.size),
                )
            )
        return writer.spool(file.name, etag)


def _changed() -> FeedError:
    return FeedError("changed", "The file was written to while it was copied. The next run tries again.")
