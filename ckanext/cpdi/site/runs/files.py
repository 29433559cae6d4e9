"""The files of a run of reports, for staff: what became of each, why, and where it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Text
from ckanext.cpdi.site.runs import reasons
from ckanext.cpdi.site.runs.sentence import Sentence

if TYPE_CHECKING:
    from ckanext.cpdi.store import Store

_OUTCOMES = {
    "published": Text("published", "publicado"),
    "unchanged": Text("known already", "ya conocido"),
    "withheld": Text("waits for staff", "espera al personal"),
    "quarantined": Text("refused", "rechazado"),
}
_ORDER = ("withheld", "quarantined", "published", "unchanged")
"""What staff have to look at comes first."""


@dataclass(frozen=True)
class FileLine:
    """A file of a run; ``words`` is the sentence of the ledger; ``report`` is empty for a refused file."""

    name: str
    outcome: str
    text: str
    why: str
    words: Sentence
    report: str


def lines(store: Store, run: int, language: str) -> tuple[FileLine, ...]:
    """Return the files of ``run``, those that staff have to look at first."""
    files = sorted(store.reports.files(run), key=lambda file: _ORDER.index(file.outcome))
    return tuple(
        FileLine(
            name=file.file_name,
            outcome=file.outcome,
            text=_OUTCOMES[file.outcome].get(language),
            why=reasons.text(file.reason, language) if file.reason else "",
            words=Sentence.of(file.words, language),
            report=str(file.report) if file.report and file.reason != "report_withdrawn" else "",
        )
        for file in files
    )
