"""What waits for staff, in one list: held and failed runs, tables that are late, rules to approve, held reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ckanext.cpdi.declare import Text
from ckanext.cpdi.errors import translated
from ckanext.cpdi.site import words
from ckanext.cpdi.site.reports.faults import held_text
from ckanext.cpdi.site.runs.status import DatasetStatus

_HELD = Text("A run is held for review", "Una ejecución espera revisión")
_FAILED = Text("The last run failed", "La última ejecución falló")
_LATE = Text("No good run in time", "Ninguna ejecución buena a tiempo")
_RULES = Text("Privacy rules wait for approval", "Reglas de privacidad por aprobar")
_VERSION = Text("Version {version}", "Versión {version}")
_PRIVATE = Text("Approved, but private", "Aprobado, pero privado")
_MAKE_PUBLIC = Text(
    "Only staff see it. On its form it is made public.",
    "Solo lo ve el personal. En su formulario se hace público.",
)
_REPORTS = Text("Reports wait for a decision", "Informes esperan una decisión")
_ONE = Text(
    "{n} report: something was noticed in it, or its period is not known",
    "{n} informe: se notó algo en él, o se desconoce su período",
)
_SEVERAL = Text(
    "{n} reports: something was noticed in them, or their period is not known",
    "{n} informes: se notó algo en ellos, o se desconoce su período",
)
_FIGURES = Text("Figures in reports do not add up", "Hay cifras de informes que no cuadran")
_ERRORS = Text("Reported errors wait for an answer", "Errores comunicados esperan respuesta")
_ERROR = Text("{n} report, since {day}", "{n} aviso, desde el {day}")
_ERRORS_SINCE = Text("{n} reports, the first since {day}", "{n} avisos, el primero desde el {day}")
_BY_READERS = Text("From readers", "De lectores")


@dataclass(frozen=True)
class Task:
    """One thing to do: ``state`` is the look of its mark, ``route`` and ``values`` where it is done."""

    state: str
    title: str
    about: str
    text: str
    route: str
    values: Mapping[str, Any]


def tasks(
    statuses: Iterable[DatasetStatus],
    rules: Iterable[Mapping[str, Any]],
    held: Mapping[str, int],
    titles: Mapping[str, str],
    language: str,
    errors: Sequence[Mapping[str, Any]] = (),
    figures: Mapping[str, int] = MappingProxyType({}),
    private: Collection[str] = (),
) -> tuple[Task, ...]:
    """Return what waits, the most urgent first.

    ``statuses`` are those of the tables, ``rules`` what the action ``cpdi_approval_list`` has, ``held`` the reports
    that wait by series, ``titles`` those of tables and series by name, ``errors`` the reported errors that wait, the
    oldest first, ``figures`` how many printed figures are held by series, ``private`` the datasets that only staff see.
    """
    shown = list(statuses)
    return (
        *_of_runs(shown, language),
        *_of_reports(held, titles, language),
        *_of_figures(figures, titles, language),
        *_of_errors(errors, language),
        *_of_rules(rules, titles, language),
        *_of_private(shown, rules, private, language),
        *_of_late(shown, language),
    )


def _of_runs(statuses: Sequence[DatasetStatus], language: str) -> Iterator[Task]:
    for title, state in ((_HELD, "held"), (_FAILED, "failed")):
        for status in statuses:
            if status.runs and status.runs[0].state == state:
                run = status.runs[0]
                yield Task(state, title.get(language), status.title, run.when, "cpdi_runs.run", {"number": run.id})


def _of_reports(held: Mapping[str, int], titles: Mapping[str, str], language: str) -> Iterator[Task]:
    for name, count in held.items():
        text = (_ONE if count == 1 else _SEVERAL).get(language).format(n=count)
        yield Task("held", _REPORTS.get(language), titles[name], text, "cpdi_report_desk.series", {"name": name})


def _of_figures(figures: Mapping[str, int], titles: Mapping[str, str], language: str) -> Iterator[Task]:
    for name, count in figures.items():
        values = {"name": name, "_anchor": "figures"}
        text = held_text(count, language)
        yield Task("held", _FIGURES.get(language), titles[name], text, "cpdi_report_desk.series", values)


def _of_errors(errors: Sequence[Mapping[str, Any]], language: str) -> Iterator[Task]:
    if errors:
        day = words.day(errors[0]["received_on"], language)
        text = (_ERROR if len(errors) == 1 else _ERRORS_SINCE).get(language).format(n=len(errors), day=day)
        title, about = _ERRORS.get(language), _BY_READERS.get(language)
        yield Task("held", title, about, text, "cpdi_errata_desk.waiting", {})


def _of_rules(rules: Iterable[Mapping[str, Any]], titles: Mapping[str, str], language: str) -> Iterator[Task]:
    for rule in rules:
        if rule["version"] and not rule["approved"]:
            title, about = _RULES.get(language), titles[rule["dataset"]]
            text = translated(rule["problem"], language) or _VERSION.get(language).format(version=rule["version"])
            yield Task("held", title, about, text, "cpdi_desk.approval_form", {})


def _of_private(
    statuses: Sequence[DatasetStatus], rules: Iterable[Mapping[str, Any]], private: Collection[str], language: str
) -> Iterator[Task]:
    """Yield datasets that nothing keeps from readers any more, but that nobody made public."""
    approved = {rule["dataset"] for rule in rules if rule["approved"]}
    for status in statuses:
        if status.name in approved.intersection(private) and any(run.state == "published" for run in status.runs):
            text = _MAKE_PUBLIC.get(language)
            yield Task("held", _PRIVATE.get(language), status.title, text, "dataset.edit", {"id": status.name})


def _of_late(statuses: Sequence[DatasetStatus], language: str) -> Iterator[Task]:
    for status in statuses:
        if status.late:
            yield Task("late", _LATE.get(language), status.title, status.late, "cpdi_runs.table", {"name": status.name})
