"""What is known of a report: its pages with their words, what was found in it, and why one is refused.

Boxes are (left, top, right, bottom) in points (1/72 inch) from the upper left corner of the page as it is shown.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from ckanext.cpdi.errors import PortalError, Said

Box = tuple[float, float, float, float]

Origin = Literal["text", "ocr", "none"]
"""Where a page's text comes from: written by the program that made the file, or read off a picture."""

Kind = Literal[
    "covered", "redaction", "name", "phone", "plate", "birth_date", "email", "untagged", "scanned", "removed"
]
HOLDING: frozenset[Kind] = frozenset({"covered", "redaction", "name", "phone", "plate", "birth_date", "email"})
"""The kinds that hold a report until staff release it; the others are notices."""

REMOVED = (
    "metadata",
    "comments",
    "attachments",
    "revisions",
    "forms",
    "signatures",
    "links_to_files",
    "thumbnails",
    "private_data",
    "password",
    "actions",
)
"""What a notice ``removed`` can name in its ``excerpt``. Pages have the words for each."""

REASONS = {
    "not_pdf": "This file is not a PDF, whatever its name says.",
    "html": "This file is a web page and not a PDF, whatever its name says.",
    "zip": "This file is a ZIP or Office file and not a PDF, whatever its name says.",
    "empty": "This file is empty.",
    "damaged": "This PDF is damaged or incomplete, and cannot be read.",
    "no_pages": "This PDF has no pages.",
    "encrypted": "This PDF can only be opened with a password. Save it without one.",
    "too_large": "This PDF has {size} MB; the most is {limit} MB.",
    "too_many_pages": "This PDF has {pages} pages; the most is {limit}.",
    "too_much_text": "This PDF has more text than a report can have.",
    "scripts": "This PDF carries a script, or an action that starts a program or sends data. Print it to a new PDF.",
    "form": "This PDF is a form of the kind that only Adobe's programs show. Print it to a new PDF.",
    "too_long": "Reading this PDF took more than {limit} seconds.",
    "too_complex": "Reading this PDF takes more memory than it may have.",
    "unreadable": "This PDF cannot be read.",
}
"""Why a file is refused, in words for staff; the keys are for pages, which say it in other languages."""


class Refused(PortalError):
    """A file is no report that can be published. ``reason`` is a key of REASONS, ``facts`` what its sentence names.

    ``where`` is the place in our code for a reason that is nobody's fault, without anything of the file; else empty.
    """

    def __init__(self, reason: str, where: str = "", **facts: int) -> None:
        super().__init__(Said(REASONS[reason], **facts))
        self.reason = reason
        self.where = where
        self.facts = facts


class Limits(Struct, frozen=True):
    """What one file may have, and what reading it may cost."""

    size: int = 50_000_000
    """Bytes of the file."""
    pages: int = 500
    text: int = 5_000_000
    """Characters of all pages."""
    seconds: float = 60.0
    """Time on the clock."""
    cpu: int = 60
    """Seconds of a processor."""
    memory: int = 500_000_000
    """Bytes of address space beyond what the libraries take."""


class Word(Struct, frozen=True, array_like=True):
    """A word and its box."""

    text: str
    box: Box


class Page(Struct, frozen=True):
    """A page; ``number`` counts from 1, ``width`` and ``height`` are in points, as it is shown.

    ``text`` has the words of ``words`` in the same order, with one blank or line break between two; these are left out
    where nobody asked for their places.
    """

    number: int
    width: float
    height: float
    text: str
    words: tuple[Word, ...]
    origin: Origin


class Finding(Struct, frozen=True):
    """Something that staff should see. ``page`` is 0 and ``box`` is None where the whole file is meant.

    ``excerpt`` is the text at that place; for ``removed`` it is one of REMOVED, else it is empty.
    """

    page: int
    kind: Kind
    box: Box | None = None
    excerpt: str = ""

    @property
    def holds(self) -> bool:
        """Whether the report waits for staff."""
        return self.kind in HOLDING


class Examination(Struct, frozen=True):
    """What a report is. The checksums are in hexadecimal, the sizes in bytes; ``clean_…`` are those of the clean file.

    ``tagged`` is whether the file says which text is a heading, a paragraph or a table, as screen readers need it;
    ``language`` is ``en`` or ``es``, by the text, and empty where there is too little of it.
    """

    sha256: str
    size: int
    clean_sha256: str
    clean_size: int
    pages: tuple[Page, ...]
    findings: tuple[Finding, ...]
    tagged: bool
    language: str

    @property
    def holds(self) -> bool:
        """Whether the report waits for staff."""
        return any(finding.holds for finding in self.findings)


class Task(Struct, frozen=True):
    """One file to examine: paths, limits, and texts that may stand in a report since the department publishes them.

    Pages have their ``words`` where these are asked for. With a ``page``, that page alone is drawn to ``picture``,
    ``width`` pixels wide, with ``boxes`` around what they number, and nothing is examined.
    """

    source: str
    clean: str
    picture: str
    limits: Limits
    known: frozenset[str] = frozenset()
    words: bool = True
    page: int = 0
    width: int = 0
    boxes: tuple[tuple[int, Box], ...] = ()


class Answer(Struct, frozen=True):
    """What the process of a file answers: an examination, ``drawn``, or the reason, place and facts of a refusal."""

    examination: Examination | None = None
    drawn: bool = False
    reason: str = ""
    where: str = ""
    facts: dict[str, int] = field(default_factory=dict[str, int])

    def result(self) -> Examination:
        """Return the examination; raise Refused."""
        if self.examination is None:
            raise Refused(self.reason, self.where, **self.facts)
        return self.examination


def refusal(error: Refused) -> Answer:
    """Return the answer that says so."""
    facts: dict[str, Any] = error.facts
    return Answer(reason=error.reason, where=error.where, facts=facts)
