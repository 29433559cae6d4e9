"""What is found on a page: words that nobody can see, marks for redaction, what can tell who somebody is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate

from ckanext.cpdi.reports.detectors import DETECTORS
from ckanext.cpdi.reports.pdf.frame import union
from ckanext.cpdi.reports.report import Box, Finding, Kind, Page, Word

_LONGEST = 300
"""Characters of an excerpt."""
_MOST = 50
"""Findings of one kind on one page; more are joined."""


def covered(page: Page, hidden: Iterable[bool]) -> list[Finding]:
    """Return what is hidden, a finding for each run of words in a line."""
    runs: list[list[Word]] = []
    follows = False
    for start, word, is_hidden in zip(_starts(page), page.words, hidden, strict=False):
        if is_hidden and follows and page.text[start - 1] != "\n":
            runs[-1].append(word)
        elif is_hidden:
            runs.append([word])
        follows = is_hidden
    return _joined([_finding(page, "covered", run) for run in runs])


def redacted(page: Page, marks: Iterable[Box]) -> list[Finding]:
    """Return the text under each mark for redaction, which is there as long as the mark was not applied."""
    findings = [
        Finding(page.number, "redaction", mark, _excerpt([word for word in page.words if _is_under(word.box, mark)]))
        for mark in marks
    ]
    return _joined(findings)


def telling(page: Page, known: Collection[str]) -> list[Finding]:
    """Return what the detectors find in the text of a page, but for what is ``known``."""
    findings: list[Finding] = []
    starts = _starts(page)
    for detector in DETECTORS:
        own = [
            _finding(page, detector.kind, page.words[bisect_right(starts, first) - 1 : bisect_left(starts, last)])
            for first, last in detector.find(page.text)
            if not _is_known(page.text[first:last], known)
        ]
        findings += _joined(own)
    return findings


def telling_beside(texts: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
    """Yield what the detectors find in texts of the file that stand on no page."""
    for text in texts:
        for detector in DETECTORS:
            for first, last in detector.find(text):
                if not _is_known(text[first:last], known):
                    yield Finding(0, detector.kind, None, text[first:last][:_LONGEST])


def _is_known(text: str, known: Collection[str]) -> bool:
    """Return whether a text is a known one; numbers may be written with other marks between their digits."""
    return any(_bare(text) == _bare(other) for other in known)


def _bare(text: str) -> str:
    digits = "".join(letter for letter in text if letter.isdigit())
    return digits[-10:] if len(digits) >= 7 else " ".join(text.lower().split())


def _finding(page: Page, kind: Kind, words: Iterable[Word]) -> Finding:
    words = list(words)
    return Finding(page.number, kind, union([word.box for word in words]), _excerpt(words))


def _joined(findings: list[Finding]) -> list[Finding]:
    """Return the findings of a kind on a page; what is beyond a number of them as one."""
    rest = findings[_MOST - 1 :]
    if len(rest) < 2:
        return findings
    boxes = [finding.box for finding in rest if finding.box]
    text = " ".join(finding.excerpt for finding in rest)[:_LONGEST]
    return [*findings[: _MOST - 1], Finding(rest[0].page, rest[0].kind, union(boxes), text)]


def _excerpt(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)[:_LONGEST]


def _starts(page: Page) -> list[int]:
    """Return where each word begins in the page's text, and where another one would."""
    return list(accumulate((len(word.text) + 1 for word in page.words), initial=0))


def _is_under(inner: Box, outer: Box) -> bool:
    """Return whether two boxes overlap by more than a touch."""
    width = min(inner[2], outer[2]) - max(inner[0], outer[0])
    height = min(inner[3], outer[3]) - max(inner[1], outer[1])
    return width > 1 and height > (inner[3] - inner[1]) / 4
