"""Messages between a caller and its server: four bytes of length, then MessagePack, which can hold nothing but data."""

from __future__ import annotations

import os
from collections.abc import Callable

from msgspec import Struct

_LENGTH = 4
_PIECE = 1 << 20


class Exit(Struct, frozen=True):
    """How the process of a file ended: what it answered, if anything, and its status as ``os.waitpid`` gives it."""

    answer: bytes
    status: int


def send(channel: int, message: bytes) -> None:
    """Write a message to a file descriptor; raise BrokenPipeError where nobody reads."""
    rest = memoryview(len(message).to_bytes(_LENGTH, "big") + message)
    while rest:
        rest = rest[os.write(channel, rest) :]


def receive(channel: int, wait: Callable[[], None] = lambda: None) -> bytes | None:
    """Read a message; None at the end of the stream. ``wait`` is called before each read, and may raise."""
    head = _read(channel, _LENGTH, wait)
    return None if head is None else _read(channel, int.from_bytes(head, "big"), wait)


def receive_all(channel: int, most: int) -> bytes:
    """Read until the other side ends; nothing where that is more than ``most`` bytes."""
    parts: list[bytes] = []
    size = 0
    while piece := os.read(channel, _PIECE):
        size += len(piece)
        if size <= most:
            parts.append(piece)
    return b"".join(parts) if size <= most else b""


def _read(channel: int, size: int, wait: Callable[[], None]) -> bytes | None:
    """Read ``size`` bytes; None where the stream ends before."""
    parts: list[bytes] = []
    while size:
        wait()
        piece = os.read(channel, min(size, _PIECE))
        if not piece:
            return None
        parts.append(piece)
        size -= len(piece)
    return b"".join(parts)
