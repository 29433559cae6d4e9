"""What staff see of a report before they decide: its period, and page by page what was noticed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ckanext.cpdi.declare import Profile, Text
from ckanext.cpdi.reports import Limits
from ckanext.cpdi.site import words
from ckanext.cpdi.site.reports.titles import period_title

MEGABYTES = Limits().size // 1_000_000
_NO_PERIOD = Text("Period not known", "Periodo desconocido")
_KINDS = {
    "covered": Text(
        "Text under a filled shape: whoever copies it can read it",
        "Texto bajo una forma opaca: quien lo copie puede leerlo",
    ),
    "redaction": Text("A redaction that was marked and never applied", "Una censura marcada y nunca aplicada"),
    "name": Text("Perhaps a person's name", "Quizá el nombre de una persona"),
    "phone": Text("A telephone number", "Un número de teléfono"),
    "plate": Text("Perhaps a licence plate", "Quizá una matrícula"),
    "birth_date": Text("Perhaps a date of birth", "Quizá una fecha de nacimiento"),
    "email": Text("An e-mail address", "Una dirección de correo"),
    "untagged": Text(
        "The file does not say what is a heading, a paragraph or a table: screen readers read it poorly. Export it"
        " anew as a tagged PDF.",
        "El archivo no indica qué es un título, un párrafo o una tabla: los lectores de pantalla lo leen mal."
        " Expórtelo de nuevo como PDF etiquetado.",
    ),
    "scanned": Text(
        "A picture of a page: its text cannot be searched or read aloud",
        "Una imagen de una página: su texto no se puede buscar ni leer en voz alta",
    ),
}
_REMOVED = Text("Taken out before anybody sees it: {what}", "Retirado antes de que nadie lo vea: {what}")
_PARTS = {
    "metadata": Text("author, title and other metadata", "autor, título y otros metadatos"),
    "comments": Text("comments", "comentarios"),
    "attachments": Text("attached files", "archivos adjuntos"),
    "revisions": Text("earlier revisions", "revisiones anteriores"),
    "forms": Text("form fields", "campos de formulario"),
    "signatures": Text("signatures", "firmas"),
    "links_to_files": Text("links to files", "enlaces a archivos"),
    "thumbnails": Text("thumbnails", "miniaturas"),
    "private_data": Text("data of the program that made it", "datos del programa que lo creó"),
    "password": Text("a password for changes", "una contraseña de modificación"),
    "actions": Text("actions", "acciones"),
}


def kind_title(kind: str, language: str) -> str:
    """Return what a kind of notice is called."""
    return _KINDS[kind].get(language)


@dataclass(frozen=True)
class ReportLine:
    """A report in a list; ``period`` is in words."""

    id: str
    series: str
    series_title: str
    period: str
    file_name: str
    edition: int | None
    present: bool
    when: str
    pages: str
    size: str


@dataclass(frozen=True)
class NoticeLine:
    """Something noticed: in words, with the text at that place, and the number that its frame has in the picture."""

    number: int
    text: str
    excerpt: str
    holds: bool


@dataclass(frozen=True)
class NoticedPage:
    """A page on which something was noticed; 0 is the whole file, which has no picture."""

    number: int
    notices: tuple[NoticeLine, ...]


@dataclass(frozen=True)
class ReviewedReport:
    """A report as its page shows it."""

    line: ReportLine
    state: str
    day: str
    """The last day of its period as a form takes it; empty where it is not known."""
    note: str
    pages: tuple[NoticedPage, ...]
    holding: int
    """How many things were noticed that hold it."""


def line(report: Mapping[str, Any], titles: Mapping[str, str], profile: Profile, language: str) -> ReportLine:
    """Return a report of ``cpdi_report_list`` in words; ``titles`` are those of series by name."""
    return ReportLine(
        id=str(report["id"]),
        series=report["series"],
        series_title=titles.get(report["series"], report["series"]),
        period=_period(report["period_start"], report["period_end"], language),
        file_name=report["file_name"],
        edition=report["edition"],
        present=report["present"],
        when=words.moment(report["published"] or report["received"], profile.zone, language),
        pages=words.number(report["pages"], language),
        size=words.size(report["size"], language),
    )


def describe(report: Mapping[str, Any], titles: Mapping[str, str], profile: Profile, language: str) -> ReviewedReport:
    """Return a report of ``cpdi_report_show`` in words, what was noticed under its pages."""
    by_page = defaultdict[int, list[NoticeLine]](list)
    for number, notice in enumerate(report["notices"], 1):
        by_page[notice["page"]].append(_notice(number, notice, language))
    return ReviewedReport(
        line=line(report, titles, profile, language),
        state=report["state"],
        day=report["period_end"].isoformat() if report["period_end"] else "",
        note=report["note"],
        pages=tuple(NoticedPage(number, tuple(by_page[number])) for number in sorted(by_page)),
        holding=sum(notice["holds"] for notice in report["notices"]),
    )


def _period(start: date | None, end: date | None, language: str) -> str:
    return period_title(start, end, language) if start and end else _NO_PERIOD.get(language)


def _notice(number: int, notice: Mapping[str, Any], language: str) -> NoticeLine:
    removed = notice["kind"] == "removed"
    if removed:
        part = _PARTS.get(notice["excerpt"], Text(notice["excerpt"])).get(language)
        text = _REMOVED.get(language).format(what=part)
    else:
        text = _KINDS.get(notice["kind"], Text(notice["kind"])).get(language)
    return NoticeLine(number, text, "" if removed else notice["excerpt"], notice["holds"])
