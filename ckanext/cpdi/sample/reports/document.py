"""A PDF file being written: numbered objects in, the bytes of the file out (PDF 1.5, ISO 32000-1).

Objects are texts in PDF's notation; those without a stream are packed into object streams, so that a tagged report,
which has an object for each cell of its tables, stays small. Nothing depends on the time or the machine.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence

_PACKED_TOGETHER = 400
"""Objects in one object stream."""
_LEVEL = 6


def literal(text: str) -> str:
    """Return ``text`` as a string of a content stream, in the encoding of Windows."""
    return "(" + text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"


def text_string(text: str) -> str:
    """Return ``text`` as a text string of an object outside of content streams, in UTF-16."""
    return "<" + (b"\xfe\xff" + text.encode("utf-16-be")).hex() + ">"


def dictionary(entries: Mapping[str, object]) -> str:
    """Return a dictionary; values are texts in PDF's notation."""
    return "<<" + " ".join(f"/{key} {value}" for key, value in entries.items()) + ">>"


def array(values: Iterable[object]) -> str:
    """Return an array; values are texts in PDF's notation."""
    return "[" + " ".join(map(str, values)) + "]"


class Document:
    """The objects of a file, numbered from 1 in the order in which :meth:`number` gave their numbers."""

    def __init__(self) -> None:
        """Begin without objects."""
        self._plain: dict[int, bytes] = {}
        self._streams: dict[int, tuple[Mapping[str, object], bytes]] = {}
        self._last = 0

    def number(self) -> int:
        """Return a number for an object that is written later."""
        self._last += 1
        return self._last

    def add(self, text: str, number: int | None = None) -> str:
        """Add an object, under a number that was given before or the next; return a reference to it."""
        number = number or self.number()
        self._plain[number] = text.encode("latin-1")
        return reference(number)

    def stream(self, content: bytes, entries: Mapping[str, object] | None = None) -> str:
        """Add a stream, which is compressed; return a reference to it."""
        number = self.number()
        self._streams[number] = ({**(entries or {}), "Filter": "/FlateDecode"}, zlib.compress(content, _LEVEL))
        return reference(number)

    def finish(self, root: str, info: str) -> bytes:
        """Return the file, whose catalogue and information are the objects ``root`` and ``info``."""
        entries = {number: (2, *place) for number, place in self._pack().items()}
        out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
        for number, (head, content) in self._streams.items():
            entries[number] = (1, len(out), 0)
            out += _stream(number, head, content)
        table = self.number()
        entries[table], start = (1, len(out), 0), len(out)
        digest = f"<{hashlib.md5(out, usedforsecurity=False).hexdigest()}>"
        head = {"Type": "/XRef", "Size": table + 1, "W": "[1 4 2]", "Root": root, "Info": info}
        head |= {"ID": array([digest, digest]), "Filter": "/FlateDecode"}
        out += _stream(table, head, zlib.compress(_cross_references(entries, table), _LEVEL))
        out += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(out)

    def _pack(self) -> dict[int, tuple[int, int]]:
        """Pack the objects without a stream into streams; return the stream and the place in it of each."""
        places: dict[int, tuple[int, int]] = {}
        numbers = sorted(self._plain)
        for at in range(0, len(numbers), _PACKED_TOGETHER):
            part = numbers[at : at + _PACKED_TOGETHER]
            index, bodies, offset = [], [], 0
            for number in part:
                index.append(f"{number} {offset}")
                bodies.append(self._plain[number])
                offset += len(bodies[-1]) + 1
            first = " ".join(index).encode() + b"\n"
            entries = {"Type": "/ObjStm", "N": len(part), "First": len(first)}
            self.stream(first + b"\n".join(bodies), entries)
            places |= {number: (self._last, place) for place, number in enumerate(part)}
        return places


def reference(number: int) -> str:
    """Return a reference to the object ``number``."""
    return f"{number} 0 R"


def _stream(number: int, head: Mapping[str, object], content: bytes) -> bytes:
    before = f"{number} 0 obj\n{dictionary({**head, 'Length': len(content)})}\nstream\n".encode("latin-1")
    return before + content + b"\nendstream\nendobj\n"


def _cross_references(entries: Mapping[int, Sequence[int]], last: int) -> bytes:
    """Return where each object up to ``last`` stands: kind, offset or stream, place in the stream."""
    rows = [(0, 0, 65535), *(entries[number] for number in range(1, last + 1))]
    return b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(4, "big") + place.to_bytes(2, "big") for kind, where, place in rows
    )
