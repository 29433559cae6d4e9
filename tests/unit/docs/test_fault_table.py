"""The table of faults names only tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(test_\w+)`", PAGE)))
DEFINED = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
}


def test_each_fault_has_a_test():
    faults = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| fault", "| ---"))]
    assert len(faults) > 40
    assert [line for line in faults if not re.search(r"`test_\w+`.*\|$", line)] == []


def test_every_test_that_is_named_there_exists():
    assert NAMED
    assert [name for name in NAMED if name not in DEFINED] == []
