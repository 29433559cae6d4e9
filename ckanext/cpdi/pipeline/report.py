"""The report of a run, for its caller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ckanext.cpdi.store import Objection, Reason
from ckanext.cpdi.store.ledger.record import RunState


@dataclass(frozen=True)
class NightReport:
    """One run of one dataset.

    All counts are of rows; read = published + withheld + quarantined. For a held run ``published`` counts the rows that
    it would publish. For a run that failed, or was held before its rows were read, all counts are 0. Where the feed had
    not changed, they are those of the run that published it, and nothing was added, changed or removed.
    ``withheld_reasons`` and ``quarantined`` are by reason, ``stages`` is seconds by stage, ``message`` says why a run
    failed or is held, ``objections`` are those of the checks.
    """

    run: int
    dataset: str
    state: RunState
    read: int = 0
    published: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    withheld: int = 0
    withheld_reasons: Mapping[str, int] = field(default_factory=dict[str, int])
    quarantined: Mapping[str, int] = field(default_factory=dict[str, int])
    seconds: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict[str, float])
    peak_mb: int = 0
    message: str = ""
    objections: tuple[Objection, ...] = ()


def rows_by_reason(reasons: Iterable[Reason], outcome: str) -> dict[str, int]:
    """Return the rows of ``outcome`` by reason, summed over all fields."""
    counts: Counter[str] = Counter()
    for reason in reasons:
        if reason.outcome == outcome:
            counts[reason.reason] += reason.rows
    return dict(counts)
