"""From bytes in any encoding to UTF-8, in two passes: the first detects the encoding, the second converts.

Nothing is written to disk.
"""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError

_BOMS = {
    codecs.BOM_UTF8: "",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_HEAD = 1 << 16
_LATIN = {"latin-1", "iso8859-1", "cp1252"}
_AS_BROWSERS = "cpdi-as-browsers"
_MENDED = "cpdi-mended"


def _decode_undefined(error: UnicodeError) -> tuple[str, int]:
    """Decode the five bytes that Windows-1252 does not define as browsers do, to the character of the same number."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


def _decode_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode as Windows-1252 the bytes that are no UTF-8."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", _AS_BROWSERS), error.end


codecs.register_error(_AS_BROWSERS, _decode_undefined)
codecs.register_error(_MENDED, _decode_cp1252)


@dataclass(frozen=True)
class Survey:
    """The result of the first pass.

    ``encoding`` is a codec, or ``mixed`` for UTF-8 with a few invalid bytes; ``bom`` the length of the byte order mark;
    ``head`` the first 64 KB as UTF-8; ``ends_line`` whether the last line is ended.
    """

    encoding: str
    bom: int
    head: bytes
    ends_line: bool

    def utf8(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the feed as UTF-8, without a byte order mark.

        Raises FeedError (encoding) where the bytes do not fit the encoding.
        """
        raw = _skip_mark(blocks, self.bom)
        if self.encoding == "utf-8":
            return raw
        return _to_utf8(raw, self.encoding)


def survey(blocks: Iterable[bytes], declared: str = "") -> Survey:
    """Read the whole feed once; ``declared`` is the profile's encoding for bytes without a byte order mark.

    Raises FeedError: empty where there is only white space, encoding where the bytes do not fit.
    """
    stream = iter(blocks)
    first = next(stream, b"")
    while first and len(first) < _HEAD and (more := next(stream, b"")):
        first += more
    marked, bom = _mark(first)
    tally = _Tally(marked if bom else _guess_utf16(first) or _codec(declared))
    for block in _skip_mark(itertools.chain((first,), stream), bom):
        tally.add(block)
    encoding = tally.finish()
    if not tally.has_text:
        raise FeedError("empty", "The feed is empty.")
    return Survey(encoding, bom, _head(first[bom:_HEAD], encoding), tally.ends_line)


class _Tally:
    """Checks a feed against its encoding, or chooses one by counting valid and invalid UTF-8."""

    def __init__(self, declared: str) -> None:
        self.declared = declared
        self.has_text = False
        self.ends_line = False
        self._valid = 0
        self._invalid = 0
        self._decoder = _decoder(declared) if declared else codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def add(self, block: bytes, *, final: bool = False) -> None:
        """Count the next block."""
        if not self.declared and block.isascii() and not self._decoder.getstate()[0]:
            self.has_text = self.has_text or bool(block.strip(b" \t\r\n\0"))
            self.ends_line = block.endswith((b"\n", b"\r")) if block else self.ends_line
            return
        text = _decode(self._decoder, block, final=final)
        self.has_text = self.has_text or bool(text.strip(" \t\r\n\0"))
        self.ends_line = text.endswith(("\n", "\r")) if text else self.ends_line
        others = len(text) - len(text.encode("ascii", "ignore"))
        invalid = 0 if self.declared else len(text) - len(text.encode("utf-8", "ignore").decode("utf-8"))
        self._invalid += invalid
        self._valid += others - invalid

    def finish(self) -> str:
        """Return the encoding."""
        self.add(b"", final=True)
        if self.declared:
            return self.declared
        if not self._invalid:
            return "utf-8"
        # A few bad bytes among good UTF-8 are cells that were cut in the middle of a character.
        return "cp1252" if self._invalid > self._valid else "mixed"


def _mark(first: bytes) -> tuple[str, int]:
    """Return the encoding that a byte order mark names and the mark's length, or nothing."""
    for mark, encoding in _BOMS.items():
        if first.startswith(mark):
            return encoding, len(mark)
    return "", 0


def _guess_utf16(first: bytes) -> str:
    """Return UTF-16 where every other byte of the beginning is zero, as in a Latin script; else an empty text."""
    sample = first[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half >= 2 and odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if half >= 2 and even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _codec(declared: str) -> str:
    """Return the codec's own name for the profile's encoding; empty for UTF-8."""
    if not declared:
        return ""
    try:
        name = codecs.lookup(declared).name
        "".encode(name)
    except LookupError:
        raise FeedError(
            "encoding", Said("The profile names an encoding that is not known: {declared}.", declared=declared)
        ) from None
    return "cp1252" if name in _LATIN else "" if name in ("utf-8", "utf-8-sig") else name


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    if encoding == "mixed":
        return codecs.getincrementaldecoder("utf-8")(_MENDED)
    return codecs.getincrementaldecoder(encoding)(_AS_BROWSERS if encoding == "cp1252" else "strict")


def _decode(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool) -> str:
    try:
        return decoder.decode(block, final)
    except UnicodeError as error:
        name = getattr(error, "encoding", "its encoding")
        raise FeedError(
            "encoding", Said("The feed does not fit its encoding ({name}), or is cut off.", name=name)
        ) from None


def _to_utf8(raw: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = _decoder(encoding)
    for block in raw:
        if text := _decode(decoder, block, final=False):
            yield text.encode("utf-8")
    if text := _decode(decoder, b"", final=True):
        yield text.encode("utf-8")


def _skip_mark(blocks: Iterable[bytes], bom: int) -> Iterator[bytes]:
    """Yield ``blocks`` without the first ``bom`` bytes."""
    for block in blocks:
        rest = block[bom:]
        bom = max(0, bom - len(block))
        if rest:
            yield rest


def _head(first: bytes, encoding: str) -> bytes:
    """Return the beginning as UTF-8; a character that the cut divides is left out."""
    if encoding == "utf-8":
        return first.decode("utf-8", "ignore").encode("utf-8")
    return _decode(_decoder(encoding), first, final=False).encode("utf-8")
