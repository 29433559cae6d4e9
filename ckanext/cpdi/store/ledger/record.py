"""What the ledger says of a run: a row of it, and what a finished run brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import polars as pl

from ckanext.cpdi.errors import Said
from ckanext.cpdi.rows.identity.shares import SHARES
from ckanext.cpdi.rows.places import PlaceFigures
from ckanext.cpdi.store.errors import Unbalanced
from ckanext.cpdi.store.ledger.objection import Objection

RunState = Literal["running", "published", "unchanged", "held", "failed"]
NO_REJECTS = pl.DataFrame(schema={"line": pl.UInt32, "outcome": pl.String, "reason": pl.String, "field": pl.String})
"""An empty frame of rejects."""
NO_SHARES = pl.DataFrame(schema=SHARES)
"""An empty frame of shares."""


@dataclass(frozen=True)
class FeedShape:
    """What a feed looked like from afar: its ``headers`` in its own order, its ``rows``, in how many of them each
    column was ``filled``, and the department's days on which its usable rows begin and end, and how true the places are
    that were published of it (None where none could be). Never a value of it.
    """

    headers: tuple[str, ...]
    rows: int
    filled: Mapping[str, int]
    first: date | None = None
    last: date | None = None
    places: PlaceFigures | None = None


@dataclass(frozen=True)
class RunRow:
    """One run; counts are of rows; of a held one ``published`` are those that it would publish.

    ``seconds`` is by stage, ``next_due`` the instant from which even the same feed would publish more (an embargo that
    ends), None where there is none. ``message`` says why it failed or is held, ``feed`` is None where none was read,
    ``objections`` are what spoke against it, ``released`` says when staff let a held run through.
    """

    id: int
    dataset: str
    state: RunState
    started: datetime
    finished: datetime | None
    feed_label: str
    feed_sha256: str
    fingerprint: str
    rules_version: str
    profile_version: str
    code_version: str
    version: str | None
    next_due: datetime | None
    read: int
    published: int
    added: int
    changed: int
    removed: int
    unchanged: int
    withheld: int
    quarantined: int
    seconds: dict[str, float]
    peak_mb: int
    message: str
    sync: str
    feed: FeedShape | None
    objections: tuple[Objection, ...]
    released: datetime | None


@dataclass(frozen=True)
class Baseline:
    """The last good run of the same feed, against which the next is held: its ledger's row, rows by reason for
    withholding and by privacy class, and by how many days its newest row was behind at best in the last month.
    """

    run: RunRow
    withheld: Mapping[str, int]
    classes: Mapping[str, int]
    lag_days: int | None


@dataclass(frozen=True)
class Origin:
    """Where a run's feed lay, what its source said of its version, and what else decided what was published of it.

    ``feed_source`` is a keyed hash of the location, ``basis`` one of rules, places, key and code; ``feed_fetched`` is
    when the bytes came, which a run that only repeats another takes over from it.
    """

    feed_source: str
    basis: str
    feed_name: str
    feed_size: int
    feed_etag: str
    feed_last_modified: str
    feed_address: str
    feed_fetched: datetime


@dataclass(frozen=True)
class Clock:
    """A machine's clock: ``at`` is what it says, ``counted`` the seconds that it has run since its start ``boot``."""

    at: datetime
    boot: str
    counted: float


@dataclass(frozen=True)
class Reason:
    """How many rows of a run were ``withheld`` or ``quarantined`` for one reason; ``field`` may be empty."""

    outcome: str
    reason: str
    field: str
    rows: int


@dataclass(frozen=True)
class Line:
    """A quarantined line of a feed: its number, why, and the field that the reason is about, if any; never a value."""

    line: int
    reason: str
    field: str


@dataclass(frozen=True)
class RunSummary:
    """What a run brings to the ledger beside its changes.

    ``rejects``: line, outcome (withheld, quarantined), reason, field of every row that was not published, duplicates
    included; ``asked``: reasons for withholding that the ledger names even where no row had them, so that none can be
    told from not asked; ``classes``: rows by privacy class; ``seconds`` by stage; ``feed``: what the feed looked like;
    ``objections``: what speaks against the run; ``shares``: class, year, outcome, rows. ``denied`` rows are
    counted nowhere else: ``read`` is without them. It counts records; ``collapsed`` rows of the feed are part of one
    that another row began.
    """

    read: int
    rejects: pl.DataFrame = field(default_factory=lambda: NO_REJECTS)
    asked: tuple[str, ...] = ()
    classes: Mapping[str, int] = field(default_factory=dict[str, int])
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    peak_mb: int = 0
    next_due: datetime | None = None
    feed: FeedShape | None = None
    objections: tuple[Objection, ...] = ()
    denied: int = 0
    collapsed: int = 0
    shares: pl.DataFrame = field(default_factory=lambda: NO_SHARES)

    def count(self, outcome: str) -> int:
        """Return how many rows had this outcome."""
        return self.rejects.filter(pl.col("outcome") == outcome).height

    def reasons(self) -> list[Reason]:
        """Return the rejects counted by outcome, reason and field."""
        named = self.rejects.with_columns(pl.col("field").fill_null(""))
        counted = named.group_by("outcome", "reason", "field").len("rows").sort("outcome", "reason", "field")
        reasons = [Reason(*row) for row in counted.iter_rows()]
        present = {reason.reason for reason in reasons if reason.outcome == "withheld"}
        return [*reasons, *(Reason("withheld", name, "", 0) for name in self.asked if name not in present)]

    def check(self, published: int) -> None:
        """Raise Unbalanced unless every row that was read is published or rejected."""
        withheld, quarantined = self.count("withheld"), self.count("quarantined")
        if published + withheld + quarantined != self.read:
            raise Unbalanced(
                Said(
                    "{read} rows were read, but {published} published, {withheld} withheld and "
                    "{quarantined} quarantined: nothing was changed",
                    read=self.read,
                    published=published,
                    withheld=withheld,
                    quarantined=quarantined,
                )
            )
