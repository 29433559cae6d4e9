"""What a night did, for whoever asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ckanext.cpdi.store import Objection
from ckanext.cpdi.store.ledger.record import RunState


@dataclass(frozen=True)
class NightReport:
    """One night of one dataset.

    All counts are of rows; read = published + withheld + quarantined; of a held run ``published`` are the rows that it
    would publish, of one that failed, or is held before it was read, all are 0. Where the feed had not changed, they
    are those of the run that published it, and nothing was added, changed or removed. ``withheld_reasons`` and
    ``quarantined`` are by reason, ``stages`` is seconds by stage, ``message`` says in staff's words why a run failed or
    is held, ``objections`` what speaks against it, each with its difference.
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
