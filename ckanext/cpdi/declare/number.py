"""What a record number looks like where a department does not say, and what stands in for one."""

from __future__ import annotations

RECORD_NUMBER = (
    r"(?:[A-Za-z]{1,6}[-_./#]?)?[0-9]+"
    r"(?:(?:[-_./#][A-Za-z]{0,3}|[A-Za-z]{1,3})[-_./#]?[0-9]+)*"
    r"(?:[-_./#]?[A-Za-z]{1,2})?"
)
"""Digits with a few letters and marks: ``26-000017``, ``CPD2026/0017A``. Each department's own pattern is narrower."""

STAND_IN_LETTER = "K"
STAND_IN = STAND_IN_LETTER + "[A-Z2-7]{16}"
"""The form of the stand-ins that the portal makes; nothing of a feed is published in it."""
LINK_LETTER = "L"
LINK = LINK_LETTER + "[A-Z2-7]{16}"
"""The form of the stand-ins by which tables are joined."""
