"""Which values of a code list are no events, by their words: tests, duplicates, calls that were cancelled."""

from __future__ import annotations

import re

from ckanext.cpdi.drafting.values.precedents import Proposal

_WORD = re.compile(r"[a-z]+")
_CANCELLED = re.compile(r"cxl|cxld|canc|cncl|cncld|cancel.*")
_DUPLICATE = re.compile(r"dup|dupe|dups|dupl|duplicates?")
_TEST = frozenset("test tests testing".split())
_BESIDE_TEST = frozenset(
    "call calls cad record entry incident event system only dispatch training a the do not".split()
)
"""Words beside which a test is one of the system: a breath test is none."""


def event_of(value: str, proposal: Proposal) -> tuple[str, str]:
    """Return what is proposed for ``event`` and ``event_reason`` of a value: as it was judged, else by its words."""
    if proposal.code and proposal.code.event == "no":
        return "no", proposal.code.event_reason
    reason = _reason(_WORD.findall(value.lower()))
    return ("no", reason) if reason else ("yes", "")


def _reason(words: list[str]) -> str:
    if _TEST & {*words} and {*words} <= _TEST | _BESIDE_TEST:
        return "test"
    if any(map(_DUPLICATE.fullmatch, words)):
        return "duplicate"
    return "cancelled" if any(map(_CANCELLED.fullmatch, words)) else ""
