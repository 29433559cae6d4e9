"""Names of columns as people write them: case, blanks and underscores do not matter."""

from __future__ import annotations

import re

_BLANKS = re.compile(r"[\s_]+")


def spelling(header: str) -> str:
    """Return a header without what may differ."""
    return _BLANKS.sub("", header).casefold()
