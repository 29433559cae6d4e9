"""A table's change log: the changes that the portal noticed, and the staff's notes in the profile.

In: facts of the store, the declaration and the profile. Out: entries with a sentence each, the latest first. Counts are
rounded, and changes of closed years are summed up by week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise

from ckanext.cpdi.declare import Dataset, FreezeDay, Profile, Text
from ckanext.cpdi.site import words
from ckanext.cpdi.site.dataset.change_source import Correction, Facts, Notice

SHOWN = 200
"""Entries on the page, and in the feed."""
_TITLES = {
    "first": Text("Beginning", "Comienzo"),
    "schema": Text("Fields", "Campos"),
    "rules": Text("Rules", "Reglas"),
    "outage": Text("Outage", "Interrupción"),
    "correction": Text("Corrections", "Correcciones"),
    "note": Text("Note", "Nota"),
}
_FIRST = Text(
    "Changes are recorded from here on; the table had {rows} {noun}.",
    "Los cambios se registran desde aquí; la tabla tenía {rows} {noun}.",
)
_SCHEMA = Text("Schema version {version}.", "Versión del esquema: {version}.")
_ADDED = Text("New: {names}.", "Nuevo: {names}.")
_REMOVED = Text("No longer supplied: {names}.", "Ya no se suministra: {names}.")
_RETYPED = Text("Of another type: {names}.", "De otro tipo: {names}.")
_RULES = Text(
    "Rules, code lists or places changed (profile {profile}). {share}",
    "Cambiaron reglas, listas de códigos o lugares (perfil {profile}). {share}",
)
_NONE = Text("No published row is touched.", "No afecta ninguna fila publicada.")
_FEW = Text(
    "Fewer than 1 % of the rows changed or left with it.", "Menos del 1 % de las filas cambió o salió con ello."
)
_SHARE = Text(
    "About {percent} % of the rows changed or left with it.",
    "Cerca del {percent} % de las filas cambió o salió con ello.",
)
_NO_UPDATE = Text(
    "No update arrived: {days}. The data before it stayed.",
    "No llegó ninguna actualización: {days}. Siguieron los datos anteriores.",
)
_NO_UPDATE_SINCE = Text(
    "No update has arrived since {day}. The data before it stay.",
    "No llega ninguna actualización desde el {day}. Siguen los datos anteriores.",
)
_WEEK = Text(
    "In the week of {days}, rows of closed years were added, corrected or removed: {years}.",
    "En la semana del {days} se añadieron, corrigieron o quitaron filas de años cerrados: {years}.",
)
_YEAR = Text("about {rows} of {year}", "unas {rows} de {year}")


@dataclass(frozen=True)
class ChangeEntry:
    """An entry: its day, its kind as a title, its sentence, and the ``version`` that it came with, if any."""

    at: datetime
    day: str
    kind: str
    title: str
    text: str
    version: str = ""

    @property
    def id(self) -> str:
        """An id that is unique among the table's entries, and stays."""
        return f"{self.kind}-{self.at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


@dataclass(frozen=True)
class _Log:
    """Makes entries: it holds what every sentence needs."""

    dataset: Dataset
    profile: Profile
    language: str

    def entry(self, at: datetime, kind: str, text: str, version: str = "") -> ChangeEntry:
        """Return an entry; its day is the department's."""
        day = words.day(at.astimezone(self.profile.zone).date(), self.language)
        return ChangeEntry(at, day, kind, _TITLES[kind].get(self.language), text, version)

    def say(self, text: Text, **values: object) -> str:
        """Return the sentence in the reader's language."""
        return text.get(self.language).format(**values)

    def midnight(self, day: date) -> datetime:
        """Return the beginning of a day of the department."""
        return datetime.combine(day, time(), self.profile.zone)


def entries(
    dataset: Dataset, profile: Profile, facts: Facts, freeze_day: FreezeDay, now: datetime, language: str
) -> tuple[ChangeEntry, ...]:
    """Return the change log of ``dataset``, the latest first."""
    log = _Log(dataset, profile, language)
    log_entries = [
        *(_notice(log, notice) for notice in facts.notices),
        *_corrections(log, facts.corrections, freeze_day),
        *(_outages(log, facts.good, now) if dataset.metadata.get("frequency") == "daily" else ()),
        *(
            log.entry(log.midnight(note.day), note.kind, note.text.get(language))
            for note in profile.feed(dataset.name).changes
        ),
    ]
    return tuple(sorted(log_entries, key=lambda entry: entry.at, reverse=True)[:SHOWN])


def _notice(log: _Log, notice: Notice) -> ChangeEntry:
    """Return the entry of a change that a run noticed."""
    facts = notice.facts
    if notice.kind == "first":
        noun = (log.dataset.one if facts["rows"] == 1 else log.dataset.many).get(log.language)
        text = log.say(_FIRST, rows=words.number(facts["rows"], log.language), noun=noun)
    elif notice.kind == "schema":
        parts = ((_ADDED, "added"), (_REMOVED, "removed"), (_RETYPED, "retyped"))
        sentences = [log.say(_SCHEMA, version=facts["schema_version"])] if facts["schema_version"] else []
        sentences += [log.say(part, names=", ".join(facts[name])) for part, name in parts if facts[name]]
        text = " ".join(sentences)
    else:
        share = _NONE if not facts["any"] else _FEW if facts["percent"] < 1 else _SHARE
        text = log.say(_RULES, profile=facts["profile"], share=log.say(share, percent=facts["percent"]))
    return log.entry(notice.at, notice.kind, text, notice.version)


def _corrections(log: _Log, corrections: Iterable[Correction], freeze_day: FreezeDay) -> Iterator[ChangeEntry]:
    """Yield an entry for each week in which rows of closed years changed; an open year is expected to change."""
    for at, week in groupby(corrections, key=lambda correction: correction.at):
        monday = (at.astimezone(log.profile.zone) - timedelta(days=7)).date()
        closed = [correction for correction in week if freeze_day.closed(correction.year) <= monday]
        if closed:
            years = [
                log.say(_YEAR, rows=words.number(correction.rows, log.language), year=correction.year)
                for correction in sorted(closed, key=lambda correction: correction.year, reverse=True)
            ]
            days = words.days(monday, monday + timedelta(days=6), log.language)
            yield log.entry(at, "correction", log.say(_WEEK, days=days, years=", ".join(years)))


def _outages(log: _Log, good: Sequence[datetime], now: datetime) -> Iterator[ChangeEntry]:
    """Yield an entry for each period of one or more whole days without a good run."""
    days = sorted({instant.astimezone(log.profile.zone).date() for instant in good})
    one_day = timedelta(days=1)
    for before, after in pairwise(days):
        if after - before > one_day:
            missing = words.days(before + one_day, after - one_day, log.language)
            yield log.entry(log.midnight(after), "outage", log.say(_NO_UPDATE, days=missing))
    today = now.astimezone(log.profile.zone).date()
    if days and today - days[-1] > one_day:
        since = days[-1] + one_day
        text = log.say(_NO_UPDATE_SINCE, day=words.day(since, log.language))
        yield log.entry(log.midnight(since), "outage", text)
