"""robots.txt as crawlers read it (RFC 9309): the longest rule that fits an address decides, and allowing wins a tie."""

from __future__ import annotations

import re


def allows(text: str, address: str) -> bool:
    """Whether the rules for everybody in ``text`` let a crawler ask for ``address``, a path with its parameters."""
    rules = re.findall(r"(?mi)^(allow|disallow): *(\S+)", text)
    fitting = [(len(path), kind.lower() == "allow") for kind, path in rules if re.match(_pattern(path), address)]
    return max(fitting, default=(0, True))[1]


def _pattern(path: str) -> str:
    return re.escape(path).replace(r"\*", ".*").replace(r"\$", "$")
