"""Reasons for denying a record, and the text form of its key (a keyed hash)."""

from __future__ import annotations

from ckanext.cpdi.declare.reading.text import Text

REASONS = {
    "expunged": Text("Expunged", "Eliminado por orden de expurgación"),
    "sealed": Text("Sealed", "Sellado"),
    "juvenile": Text("Juvenile record", "Registro de menores"),
    "court_order": Text("Court order", "Orden judicial"),
    "safety": Text("Safety of a person", "Seguridad de una persona"),
    "mistake": Text("Published by mistake", "Publicado por error"),
    "other": Text("Other", "Otro"),
}
"""Reasons to deny or release a record: codes, since free words would repeat what is to be forgotten."""

_SPAN = 1 << 64


def key_text(key: int) -> str:
    """Return a key (a signed integer of 64 bits) as 16 hexadecimal digits."""
    return f"{key % _SPAN:016x}"


def key_of(text: str) -> int:
    """Return the key that :func:`key_text` wrote; raise ValueError for a text that is no hexadecimal number."""
    key = int(text, 16)
    return key - _SPAN if key >= _SPAN // 2 else key
