"""Patterns of LIKE, whichever character escapes in them."""

from __future__ import annotations


def escaped(text: str, escape: str) -> str | None:
    r"""Return a pattern whose ``escape`` (empty for none) is ``\``; None where nothing follows one."""
    characters, pattern = iter(text), ""
    for character in characters:
        if escape and character == escape:
            following = next(characters, None)
            if following is None:
                return None
            pattern += "\\" + following if following in "%_\\" else following
        else:
            pattern += "\\\\" if character == "\\" else character
    return pattern
