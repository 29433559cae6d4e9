"""How many examples a test of properties tries."""

from __future__ import annotations

import os


def examples(few: int) -> int:
    """Return ``few``, which finds what somebody breaks; or CPDI_EXAMPLES, for who looks longer (`make fuzz`)."""
    return int(os.environ.get("CPDI_EXAMPLES") or few)
