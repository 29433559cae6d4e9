"""Photographs without what cameras and editors write into them: places, owners, small pictures of what was cropped."""

from __future__ import annotations

from pikepdf import Dictionary, Name, Object, Stream

_START = b"\xff\xd8"
_SCAN, _COMMENT = 0xDA, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_KEPT = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
"""Segments that say how the picture's colours are meant."""
_ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length."""


def strip_photograph(item: Object) -> bool:
    """Strip a stream that is a JPEG image; return whether something was removed."""
    if not isinstance(item, Stream) or item.get(Name.Filter) != Name.DCTDecode:
        return False
    data = item.read_raw_bytes()
    stripped = without_segments(data)
    if stripped == data:
        return False
    parameters = item.get(Name.DecodeParms)
    item.write(stripped, filter=Name.DCTDecode, decode_parms=parameters if isinstance(parameters, Dictionary) else None)
    return True


def without_segments(data: bytes) -> bytes:
    """Return a JPEG without comments and without what applications add; as it is where it cannot be read."""
    if not data.startswith(_START):
        return data
    parts, at = [_START], len(_START)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _SCAN:
            parts.append(data[at:])
            return b"".join(parts)
        if marker == 0xFF:
            at += 1
            continue
        size = 2 if marker in _ALONE else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if not _is_surplus(marker, data[at + 4 : at + 16]):
            parts.append(data[at : at + size])
        at += size
    return data


def _is_surplus(marker: int, start: bytes) -> bool:
    if marker == _COMMENT:
        return True
    return marker in _APPLICATION and not (marker in _KEPT and start.startswith(_KEPT[marker]))
