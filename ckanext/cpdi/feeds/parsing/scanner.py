"""Reads JSON as a stream: blocks of UTF-8 in, one value after another out, with numbers as they are written."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from ckanext.cpdi.feeds.errors import FeedError

_LONGEST = 64 << 20
_GOES_ON = ("", ".", "e", "E")
_SPACE = re.compile(r"[ \t\r\n]*")
# A number stays text: no digit is lost, and 1 does not become 1.0.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


class Scanner:
    """A position in a stream of JSON text."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        """Start before the first block."""
        self._blocks = blocks
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0

    def peek(self) -> str:
        """Return the next character that is no white space, or an empty text at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, expected: str) -> None:
        """Step over the character ``expected``; raise FeedError where another one follows."""
        character = self.peek()
        if character != expected:
            raise truncated() if not character else unreadable()
        self._at += 1

    def value(self) -> Any:  # noqa: ANN401  JSON holds anything
        """Return the value that begins here and step over it.

        Raises FeedError: truncated where the text ends too early, unreadable where it is no JSON.
        """
        if not self.peek():
            raise truncated()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise unreadable() from None
            except json.JSONDecodeError as error:
                if not self._more():
                    raise (truncated() if _is_cut(error) else unreadable()) from None
                continue
            # A number at the very end, or in front of half a fraction or exponent, may go on in the next block.
            if self._text[end : end + 1] not in _GOES_ON or not self._more():
                self._at = end
                return value

    def items(self) -> Iterator[Any]:
        """Yield the values of the array that begins here."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.peek() == "]":
                self.take("]")
                return
            self.take(",")

    def end(self) -> None:
        """Raise FeedError where something follows."""
        if self.peek():
            raise unreadable()

    def _more(self) -> bool:
        """Read a further block; say whether there was one."""
        if len(self._text) - self._at > _LONGEST:
            raise unreadable()
        block = next(self._blocks, b"")
        if not block:
            return False
        self._text = self._text[self._at :] + self._decoder.decode(block)
        self._at = 0
        return True


def _is_cut(error: json.JSONDecodeError) -> bool:
    """Say whether the error is only that the text ends; a word such as ``null`` may be cut in the middle."""
    return error.msg.startswith("Unterminated") or len(error.doc) - error.pos < len("Infinity")


def truncated() -> FeedError:
    """Return the error for JSON that ends too early."""
    return FeedError("truncated", "The JSON ends before it is complete, so a part of the feed is missing.")


def unreadable() -> FeedError:
    """Return the error for text that is no JSON."""
    return FeedError("unreadable", "The feed begins like JSON, but cannot be read as JSON.")
