"""Reported errors as pages show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol
from urllib.parse import urlencode

from ckanext.cpdi.declare import Text
from ckanext.cpdi.declare.erratum import STATES
from ckanext.cpdi.site import words

SHOWN = 20
"""Reports of a page."""
PORTAL = Text("The portal itself", "El portal mismo")
_TITLE = Text("Reported error no. {number}", "Error comunicado n.º {number}")


class AnyErratum(Protocol):
    """What readers' and staff's own records have in common."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def dataset(self) -> str: ...  # noqa: D102
    @property
    def received_on(self) -> date: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def summary(self) -> str: ...  # noqa: D102
    @property
    def answer(self) -> str: ...  # noqa: D102
    @property
    def language(self) -> str: ...  # noqa: D102
    @property
    def changed(self) -> datetime: ...  # noqa: D102


@dataclass(frozen=True)
class ErratumLine:
    """A report in words; ``dataset`` is the name of its page, empty for the portal, ``mark`` the look of its state."""

    number: int
    title: str
    dataset: str
    dataset_title: str
    state: str
    mark: str
    received: str
    changed: str
    summary: str
    answer: str
    language: str


@dataclass(frozen=True)
class Question:
    """What was asked of the list: words, a state, the name of a dataset, the page from 1; empty for all."""

    words: str = ""
    state: str = ""
    dataset: str | None = None
    page: int = 1

    def link(self) -> str:
        """Return the parameters of this question, without the page."""
        chosen = {"q": self.words, "state": self.state, "dataset": self.dataset}
        return urlencode({name: value for name, value in chosen.items() if value})


@dataclass(frozen=True)
class ErrataPage:
    """A page of the list."""

    question: Question
    total: int
    pages: int
    lines: tuple[ErratumLine, ...] = field(default_factory=tuple)


def line(erratum: AnyErratum, titles: Mapping[str, str], language: str) -> ErratumLine:
    """Return a report in words; ``titles`` are those of the datasets by name."""
    state = STATES[erratum.state]
    return ErratumLine(
        number=erratum.number,
        title=_TITLE.get(language).format(number=erratum.number),
        dataset=erratum.dataset,
        dataset_title=titles.get(erratum.dataset) or erratum.dataset or PORTAL.get(language),
        state=state.title.get(language),
        mark=state.mark,
        received=words.day(erratum.received_on, language),
        changed=words.day(erratum.changed.astimezone(UTC).date(), language),
        summary=erratum.summary,
        answer=erratum.answer,
        language=erratum.language,
    )


def page(
    question: Question, total: int, errata: Iterable[AnyErratum], titles: Mapping[str, str], language: str
) -> ErrataPage:
    """Return a page of the list."""
    lines = tuple(line(erratum, titles, language) for erratum in errata)
    return ErrataPage(question, total, -(-total // SHOWN), lines)


def states(language: str) -> dict[str, str]:
    """Return what each state is called."""
    return {code: state.title.get(language) for code, state in STATES.items()}
