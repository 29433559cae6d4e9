"""Small charts of a table's last nights, for staff: rows, changes, rows set aside, duration, hours between runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Profile, Text
from ckanext.cpdi.services.lateness.runs import GOOD
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import chart, status

if TYPE_CHECKING:
    from ckanext.cpdi.store import RunRow

NIGHTS = 90
_TITLES = {
    "read": Text("Rows read", "Filas leídas"),
    "published": Text("Rows published", "Filas publicadas"),
    "moved": Text("Rows added, changed, removed", "Filas añadidas, cambiadas, quitadas"),
    "aside": Text("Share of rows set aside", "Proporción de filas apartadas"),
    "took": Text("Seconds of the run", "Segundos de la ejecución"),
    "gap": Text("Hours between good runs", "Horas entre ejecuciones buenas"),
}
_SERIES = {
    "added": Text("added", "añadidas"),
    "changed": Text("changed", "cambiadas"),
    "removed": Text("removed", "quitadas"),
}
_SUMMARY = Text(
    "{title}, {first} to {last}. Last: {value}; highest: {most}.",
    "{title}, {first} a {last}. Última: {value}; máxima: {most}.",
)


@dataclass(frozen=True)
class Night:
    """The last run of a day of the department's calendar; ``run`` is None where there was none."""

    day: date
    run: RunRow | None
    gap: float | None
    """Hours from the end of the previous good run to the end of this one; None where this is not a good run."""

    @property
    def counted(self) -> bool:
        """Whether the run read rows; a run that was skipped, failed or is still running has no counts."""
        return self.run is not None and self.run.read > 0


@dataclass(frozen=True)
class Series:
    """A series of a chart, in its own colour; ``title`` is empty where there is only one."""

    key: str
    title: str
    path: str


@dataclass(frozen=True)
class Chart:
    """A measure over the nights; ``says`` is its summary in a sentence, ``top`` and ``last`` are figures in words."""

    key: str
    title: str
    says: str
    top: str
    last: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class NightRow:
    """A night in the table behind the charts; a cell without a figure is empty."""

    day: str
    run: int | None
    state: str
    state_text: str
    cells: tuple[tuple[str, str], ...]
    """Titles and figures."""


@dataclass(frozen=True)
class Trends:
    """The view model. ``held``, ``failed`` and ``missing`` are paths that mark such nights under each chart."""

    nights: int
    first: str
    last: str
    charts: tuple[Chart, ...]
    held: str
    failed: str
    missing: str
    rows: tuple[NightRow, ...]


def needed_since(now: datetime) -> datetime:
    """Return from when on runs are needed: a week before the first night, for the gap before its run."""
    return now - timedelta(days=NIGHTS + 7)


def describe(runs: Sequence[RunRow], profile: Profile, now: datetime, language: str) -> Trends:
    """Return the trends of ``runs``, the newest first, over the NIGHTS days that end today."""
    nights = _nights(runs, profile, now.astimezone(profile.zone).date())
    first_run = next((place for place, night in enumerate(nights) if night.run), len(nights))
    return Trends(
        nights=NIGHTS,
        first=words.day(nights[0].day, language),
        last=words.day(nights[-1].day, language),
        charts=tuple(_charts(nights, language)),
        held=chart.marks(_places(nights, "held"), 60),
        failed=chart.marks(_places(nights, "failed")),
        missing=chart.marks((at for at, night in enumerate(nights) if at >= first_run and night.run is None), 25),
        rows=tuple(_row(night, language) for night in reversed(nights) if night.run),
    )


def _nights(runs: Sequence[RunRow], profile: Profile, today: date) -> list[Night]:
    """Return one night a day, the oldest first."""
    last: dict[date, RunRow] = {}
    gaps: dict[int, float] = {}
    before: datetime | None = None
    for run in reversed(runs):
        last[run.started.astimezone(profile.zone).date()] = run
        if run.state in GOOD and run.finished:
            if before:
                gaps[run.id] = (run.finished - before) / timedelta(hours=1)
            before = run.finished
    days = (today - timedelta(days=back) for back in reversed(range(NIGHTS)))
    return [Night(day, run := last.get(day), gaps.get(run.id) if run else None) for day in days]


def _places(nights: Sequence[Night], state: str) -> Iterable[int]:
    return (place for place, night in enumerate(nights) if night.run and night.run.state == state)


def _count(name: str) -> Callable[[Night], float | None]:
    return lambda night: getattr(night.run, name) if night.counted else None


def _share_aside(night: Night) -> float | None:
    return night.run.quarantined / night.run.read if night.run and night.counted else None


def _duration(night: Night) -> float | None:
    return (night.run.finished - night.run.started).total_seconds() if night.run and night.run.finished else None


def _published_rows(night: Night) -> float | None:
    return night.run.published if night.run and night.counted and night.run.state in GOOD else None


def _charts(nights: Sequence[Night], language: str) -> Iterable[Chart]:
    number = words.number
    yield _single("read", nights, _count("read"), number, language)
    yield _single("published", nights, _published_rows, number, language)
    yield _changes_chart(nights, language)
    yield _single("aside", nights, _share_aside, words.share, language)
    yield _single("took", nights, _duration, words.seconds, language)
    yield _single("gap", nights, lambda night: night.gap, _hours, language)


def _hours(value: float, language: str) -> str:
    return f"{words.number(round(value, 1), language)} h"


def _single(
    key: str,
    nights: Sequence[Night],
    measure: Callable[[Night], float | None],
    worded: Callable[[float, str], str],
    language: str,
) -> Chart:
    """Return a chart of one measure."""
    values = [measure(night) for night in nights]
    series = (Series(key, "", chart.columns(values, chart.scale(values))),)
    return _chart(key, nights, values, worded, series, language)


def _changes_chart(nights: Sequence[Night], language: str) -> Chart:
    """Return the chart of rows that each run added, changed and removed, as stacked columns."""
    counts = {name: [_count(name)(night) for night in nights] for name in _SERIES}
    totals = [sum(parts) if None not in parts else None for parts in zip(*counts.values(), strict=True)]  # pyright: ignore[reportArgumentType]
    top, base, series = chart.scale(totals), [0.0] * len(nights), list[Series]()
    for name, values in counts.items():
        series.append(Series(name, _SERIES[name].get(language), chart.columns(values, top, base)))
        base = [under + (value or 0) for under, value in zip(base, values, strict=True)]
    return _chart("moved", nights, totals, words.number, tuple(series), language)


def _chart(
    key: str,
    nights: Sequence[Night],
    values: Sequence[float | None],
    worded: Callable[[float, str], str],
    series: tuple[Series, ...],
    language: str,
) -> Chart:
    measured = [value for value in values if value is not None]
    last, most = (worded(measured[-1], language), worded(max(measured), language)) if measured else ("–", "–")
    title = _TITLES[key].get(language)
    first_day, last_day = (words.day(nights[place].day, language) for place in (0, -1))
    says = _SUMMARY.get(language).format(title=title, first=first_day, last=last_day, value=last, most=most)
    return Chart(key, title, says, worded(chart.scale(values), language), last, series)


def _row(night: Night, language: str) -> NightRow:
    """Return the night's row of the table."""
    run = night.run
    measures = [
        (_TITLES["read"], _count("read")(night), words.number),
        (_TITLES["published"], _published_rows(night), words.number),
        *((text, _count(name)(night), words.number) for name, text in _SERIES.items()),
        (_TITLES["aside"], _share_aside(night), words.share),
        (_TITLES["took"], _duration(night), words.seconds),
        (_TITLES["gap"], night.gap, _hours),
    ]
    return NightRow(
        day=words.day(night.day, language),
        run=run.id if run else None,
        state=run.state if run else "none",
        state_text=status.state_text(run.state, language) if run else "",
        cells=tuple(
            (text.get(language), worded(value, language) if value is not None else "")
            for text, value, worded in measures
        ),
    )
