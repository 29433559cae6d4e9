"""The status of a dataset: its last runs, which rows were held back and why, known gaps and breaks.

Counts of rows that were withheld or set aside are rounded to tens, and fewer than ten look like none. So neither a
count nor a new reason reveals which row left the table in a night. A reason is named from ten rows on. The number of
rows read is the sum of the shown counts, since the exact number would reveal what the rounding hides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ckanext.cpdi.declare import Dataset, Profile, Text
from ckanext.cpdi.services.lateness import runs as lateness
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import place_truth, reasons
from ckanext.cpdi.site.runs.ledger import Approval, ClassRows, Ledger, Reason, Run
from ckanext.cpdi.site.runs.notes import NoteLine, notes

_STATES = {
    "running": Text("Running", "En curso"),
    "published": Text("Published", "Publicada"),
    "unchanged": Text("No change", "Sin cambios"),
    "held": Text("Held for review", "Retenida para revisión"),
    "failed": Text("Failed, earlier data kept", "Fallida, siguen los datos anteriores"),
}
_STATE_MEANINGS = {
    "running": Text(
        "The run is at work. Until it ends, the data before it are served.",
        "La ejecución está en curso. Hasta que termine, se sirven los datos anteriores.",
    ),
    "published": Text(
        "The run changed the table, and its files were made anew.",
        "La ejecución cambió la tabla y se rehicieron sus archivos.",
    ),
    "unchanged": Text(
        "The export had nothing new: the table stays as it was.",
        "La exportación no traía nada nuevo: la tabla queda como estaba.",
    ),
    "held": Text(
        "The export looked unlike the last good one, so it waits until staff have looked at it. Nothing was published;"
        " the data before it are served.",
        "La exportación difería de la última buena y espera a que el personal la revise. No se publicó nada;"
        " se sirven los datos anteriores.",
    ),
    "failed": Text(
        "The run could not be finished. Nothing was published; the data before it are served.",
        "La ejecución no pudo terminar. No se publicó nada; se sirven los datos anteriores.",
    ),
}
_LATE = Text("Late: no good run since {when}", "Con retraso: ninguna ejecución buena desde {when}")
_LATE_FROM_START = Text("Late: no good run yet", "Con retraso: aún ninguna ejecución buena")
_APPROVED = Text(
    "Profile {profile}, version {version}, approved {day}", "Perfil {profile}, versión {version}, aprobado el {day}"
)
_BY_DEMO = Text(
    "Profile {profile}, version {version}, approved {day} by this demo itself",
    "Perfil {profile}, versión {version}, aprobado el {day} por esta misma demostración",
)
_NEVER = Text("No run yet", "Aún sin ejecuciones")
_ABOUT = Text("about {rows}", "unas {rows}")
_FEW = "< 10"
_FEWER = Text("fewer than 10", "menos de 10")
_OTHER = Text("Other reasons, each of fewer than ten rows", "Otras razones, cada una con menos de diez filas")
_CANNOT_TELL = Text("not in this feed", "no están en esta fuente")
_GOOD = ("published", "unchanged")


@dataclass(frozen=True)
class ReasonLine:
    """A reason as text, with its count."""

    outcome: str
    text: str
    rows: str


@dataclass(frozen=True)
class RunLine:
    """A run as the page shows it; counts are text, empty where a run has none."""

    id: int
    when: str
    started: str
    state: str
    state_text: str
    read: str
    published: str
    added: str
    changed: str
    removed: str
    withheld: str
    quarantined: str
    reasons: tuple[ReasonLine, ...]
    classes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LeftOut:
    """Rows of a feed that do not belong to its table, and their rounded number in words."""

    title: str
    rows: str


@dataclass(frozen=True)
class DatasetStatus:
    """A dataset on the status page."""

    name: str
    title: str
    table: bool
    summary: str
    means: str
    """The meaning of the last run's state for readers, where it is held or has failed; empty for other states."""
    late: str
    """Since when a good run is missing, in words; empty where none is."""
    runs: tuple[RunLine, ...]
    gaps: tuple[NoteLine, ...]
    breaks: tuple[NoteLine, ...]
    rules: str = ""
    """The privacy rules that mask the rows, and when they were approved; empty where they were not."""
    places: str = ""
    """How true the places are that the last run published, in words; empty where it published none."""


def rounded(rows: int) -> int:
    """Return ``rows`` rounded to tens, half up; fewer than ten count as none."""
    return 0 if rows < 10 else (rows + 5) // 10 * 10


def about(rows: int, language: str) -> str:
    """Return ``rows`` rounded to tens as text; 0 to 9 all read ``< 10``."""
    return words.number(rounded(rows), language) if rounded(rows) else _FEW


def describe(
    dataset: Dataset, ledger: Ledger, profile: Profile, language: str, now: datetime, late_after: int
) -> DatasetStatus:
    """Return the status of ``dataset`` at ``now``, newest run first.

    It is late after ``late_after`` hours without a good run.
    """
    feed = profile.feed(dataset.name)
    own = reasons_of(dataset)
    runs = ledger.runs.get(dataset.name, ())
    lines = tuple(run_line(run, profile, language, own) for run in runs)
    measured = next((run.places for run in runs if run.state in _GOOD and run.places), None)
    summary = f"{lines[0].state_text}, {lines[0].when}" if lines else _NEVER.get(language)
    return DatasetStatus(
        name=dataset.name,
        title=dataset.title.get(language),
        table=dataset.table is not None,
        summary=summary,
        means=means(lines[0].state, language) if lines and lines[0].state in ("held", "failed") else "",
        late=_late(dataset, runs, profile, language, now - timedelta(hours=late_after)),
        runs=lines,
        gaps=notes(feed.gaps, language),
        breaks=notes(feed.breaks, language),
        rules=rules(ledger.approvals.get(dataset.name), profile, language),
        places=place_truth.sentences(measured, profile.places.widest_metres, language),
    )


def rules(approval: Approval | None, profile: Profile, language: str) -> str:
    """Return which privacy rules were approved last and when; an empty string where none were."""
    if approval is None:
        return ""
    form = _BY_DEMO if approval.by_demo else _APPROVED
    return form.get(language).format(
        profile=approval.profile_version,
        version=approval.version,
        day=words.day(approval.approved_at.astimezone(profile.zone).date(), language),
    )


def _late(dataset: Dataset, runs: Sequence[Run], profile: Profile, language: str, limit: datetime) -> str:
    """Return since when a daily table has had no good run, where that is before ``limit``; else an empty string."""
    good = lateness.last_good(runs)
    if not runs or dataset.metadata.get("frequency") != "daily" or (good and (good.finished or limit) >= limit):
        return ""
    since = words.moment(good.finished, profile.zone, language) if good and good.finished else ""
    return (_LATE if since else _LATE_FROM_START).get(language).format(when=since)


def state_text(state: str, language: str) -> str:
    """Return a run's state in words."""
    return _STATES.get(state, Text(state)).get(language)


def means(state: str, language: str) -> str:
    """Return the meaning of a run's state for those who use the data."""
    return _STATE_MEANINGS.get(state, Text("")).get(language)


def reasons_of(dataset: Dataset) -> dict[str, Text]:
    """Return the texts of the reasons that only ``dataset`` has, by code."""
    return {requirement.reason: requirement.title for requirement in dataset.rows.requires} if dataset.table else {}


def run_line(run: Run, profile: Profile, language: str, own: Mapping[str, Text] | None = None) -> RunLine:
    """Return ``run`` as the page shows it; a run that was held, failed or skipped has no counts.

    ``own`` has the texts of the reasons that only this dataset has.
    """
    counted = run.state in _GOOD and run.read > 0
    read = run.published + rounded(run.withheld) + rounded(run.quarantined)

    def shown(rows: int) -> str:
        return words.number(rows, language) if counted else ""

    return RunLine(
        id=run.id,
        when=words.moment(run.started, profile.zone, language),
        started=_iso(run.started),
        state=run.state,
        state_text=state_text(run.state, language),
        read=shown(read),
        published=shown(run.published),
        added=shown(run.added),
        changed=shown(run.changed),
        removed=shown(run.removed),
        withheld=about(run.withheld, language) if counted else "",
        quarantined=about(run.quarantined, language) if counted else "",
        reasons=tuple(_reason_lines(run.reasons, own or {}, language)) if counted else (),
        classes=_class_lines(run.classes, profile, language) if counted else (),
    )


def left_out(dataset: Dataset, ledger: Ledger, language: str) -> tuple[LeftOut, ...]:
    """Return which rows do not belong to the table, with their rounded number in the last run that read the feed.

    A kind of row that the feed cannot distinguish reads "not in this feed".
    """
    runs = ledger.runs.get(dataset.name, ())
    last = next((run for run in runs if run.state in _GOOD and run.read > 0), None)
    if last is None or dataset.table is None:
        return ()
    counts = {reason.reason: reason.rows for reason in last.reasons if reason.outcome == "withheld"}
    return tuple(
        LeftOut(requirement.title.get(language), _count_text(counts.get(requirement.reason), language))
        for requirement in dataset.rows.requires
    )


def _count_text(rows: int | None, language: str) -> str:
    """Return a rounded count in words; None stands for rows that the feed cannot distinguish."""
    if rows is None:
        return _CANNOT_TELL.get(language)
    if not rounded(rows):
        return _FEWER.get(language)
    return _ABOUT.get(language).format(rows=words.number(rounded(rows), language))


def _reason_lines(run_reasons: Iterable[Reason], own: Mapping[str, Text], language: str) -> Iterable[ReasonLine]:
    """Yield for each outcome the reasons of ten or more rows with their rounded counts, then the sum of the others.

    The line of the others is always there, so that its appearance reveals nothing.
    """
    listed = list(run_reasons)
    for outcome in ("withheld", "quarantined"):
        of_outcome = [reason for reason in listed if reason.outcome == outcome]
        for reason in of_outcome:
            if rounded(reason.rows):
                code = reason.reason
                text = own[code].get(language) if code in own else reasons.text(code, language)
                yield ReasonLine(outcome, text, about(reason.rows, language))
        others = sum(reason.rows for reason in of_outcome if not rounded(reason.rows))
        yield ReasonLine(outcome, _OTHER.get(language), about(others, language))


def _class_lines(class_rows: Iterable[ClassRows], profile: Profile, language: str) -> tuple[tuple[str, str], ...]:
    """Return all classes in the profile's order with their rounded rows; exact ones could reveal a withheld row."""
    counts = {row.name: row.rows for row in class_rows}
    if not counts:
        return ()
    return tuple((kind.title.get(language), about(counts.get(kind.name, 0), language)) for kind in profile.classes)


def _iso(instant: datetime) -> str:
    """Return the instant in the format of HTML's ``datetime`` attribute."""
    return instant.isoformat(timespec="seconds")
