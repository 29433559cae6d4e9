"""Figures of reports that do not add up, as staff's page shows them: by report, each with both figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.publish.report_files import address, period_name
from ckanext.cpdi.site import words
from ckanext.cpdi.site.reports.titles import period_title

_WHY = {
    "twice": Text(
        "It stands twice, and page {other} has another figure",
        "Aparece dos veces, y la página {other} tiene otra cifra",
    ),
    "change": Text("The change does not follow from its two figures", "El cambio no se deduce de sus dos cifras"),
    "sum": Text("The areas do not add up to it", "Las zonas no suman esta cifra"),
    "no_total": Text("The total of the areas was not found", "No se encontró el total de las zonas"),
    "longer": Text("More than in the longer window: {other}", "Más que en el período más largo: {other}"),
    "year_before": Text(
        "The report of the year before has another figure, on page {other}",
        "El informe del año anterior tiene otra cifra, en la página {other}",
    ),
    "no_title": Text("The table has no title that is known", "La tabla no tiene un título conocido"),
    "cells": Text("Too many or too few figures in the row", "Hay cifras de más o de menos en la fila"),
    "no_number": Text("This is no number", "Esto no es un número"),
    "no_change": Text("This is no change in per cent", "Esto no es un cambio porcentual"),
}
_NOT_CALCULATED = Text("not calculated", "no se calcula")
_NOT_FOUND = Text("not found", "no se encontró")
_AT_MOST = Text("at most {n}", "como máximo {n}")
_CELLS = Text("{n} figures", "{n} cifras")
_OR = Text(" or ", " o ")
_EDITION = Text("edition {number}", "edición {number}")
_HELD = Text("{n} figures are not published", "{n} cifras no se publican")
_ONE_HELD = Text("{n} figure is not published", "{n} cifra no se publica")
_UNREAD = Text("rows that cannot be read", "filas que no se pueden leer")
_FIELDS = {"current": "current", "prior": "prior", "change": "change_percent"}
"""The fields of the table of figures that parts of a figure go into."""


@dataclass(frozen=True)
class FaultLine:
    """A fault; ``row`` and ``column`` say where on ``page`` it stands, ``pdf`` leads to the page."""

    page: int
    pdf: str
    row: str
    column: str
    printed: str
    expected: str
    why: str


@dataclass(frozen=True)
class FaultyReport:
    """A report with faults; ``held`` says how many figures are not published for them, ``pdf`` is its path."""

    title: str
    held: str
    pdf: str
    faults: tuple[FaultLine, ...]


def describe(reports: Sequence[Mapping[str, Any]], table: Dataset, language: str) -> tuple[FaultyReport, ...]:
    """Return what ``cpdi_report_faults`` has in words; ``table`` is the dataset that the figures go into."""
    names = _names(table, language)
    return tuple(_report(report, names, language) for report in reports)


def count(reports: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many figures are held for their faults, by series."""
    counted = Counter[str]()
    for report in reports:
        counted[report["series"]] += report["held"]
    return dict(counted)


def held_text(held: int, language: str) -> str:
    """Return how many figures are not published; where none is, rows could not be read."""
    if not held:
        return _UNREAD.get(language)
    return (_ONE_HELD if held == 1 else _HELD).get(language).format(n=words.number(held, language))


def _names(table: Dataset, language: str) -> dict[str, str]:
    """Return what the table calls parts of figures, offences and windows."""
    fields = {field.name: field for field in table.table.fields} if table.table else {}
    names = {part: fields[name].title.get(language) for part, name in _FIELDS.items() if name in fields}
    for name in ("offence", "window"):
        values = fields[name].values if name in fields else {}
        names |= {value: title.get(language) for value, title in values.items()}
    return names


def _report(report: Mapping[str, Any], names: Mapping[str, str], language: str) -> FaultyReport:
    start, end, edition = report["period_start"], report["period_end"], report["edition"]
    title = period_title(start, end, language)
    if edition > 1:
        title += f", {_EDITION.get(language).format(number=edition)}"
    pdf = address(report["series"], period_name(start, end), edition)
    return FaultyReport(
        title,
        held_text(report["held"], language),
        pdf,
        tuple(_line(fault, pdf, names, language) for fault in report["faults"]),
    )


def _line(fault: Mapping[str, Any], pdf: str, names: Mapping[str, str], language: str) -> FaultLine:
    kind, other = fault["kind"], fault["other"]
    printed = _NOT_FOUND.get(language) if kind == "no_total" else _figure(fault, fault["printed"], language)
    expected = _OR.get(language).join(_figure(fault, figure, language) for figure in fault["expected"])
    return FaultLine(
        page=fault["page"],
        pdf=f"{pdf}#page={fault['page']}",
        row=", ".join(_named([fault["area"], fault["offence"]], names)),
        column=", ".join(_named([fault["window"], fault["part"]], names)),
        printed=printed,
        expected=_AT_MOST.get(language).format(n=expected) if kind == "longer" else expected,
        why=_WHY[kind].get(language).format(other=names.get(other, other)),
    )


def _named(parts: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [names.get(part, part.replace("_", " ")) for part in parts if part]


def _figure(fault: Mapping[str, Any], figure: str, language: str) -> str:
    """Return a figure in words: a change as the report prints it, a count as the language writes numbers."""
    if not figure:
        return _NOT_CALCULATED.get(language)
    if fault["part"] == "change" and fault["kind"] != "no_change":
        return f"{figure}\N{NO-BREAK SPACE}%"
    text = words.number(int(figure), language) if figure.isdecimal() else figure
    return _CELLS.get(language).format(n=text) if fault["kind"] == "cells" else text
