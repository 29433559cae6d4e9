"""What is said of a denied record: why, as a code with its words, and which record, as the text of a keyed hash."""

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
"""Why a record is denied or released: a code, since words of their own would say what is to be forgotten."""

_SPAN = 1 << 64


def key_text(key: int) -> str:
    """Return a key (a signed integer of 64 bits) as 16 hexadecimal digits."""
    return f"{key % _SPAN:016x}"


def key_of(text: str) -> int:
    """Return the key that :func:`key_text` wrote; raise ValueError for a text that is no hexadecimal number."""
    key = int(text, 16)
    return key - _SPAN if key >= _SPAN // 2 else key
