"""The text of mails to staff: the event, the differences, what to do, and the address of the page; in two languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ckanext.cpdi import addresses
from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.errors import translated
from ckanext.cpdi.pipeline.report import NightReport

_HEADS = {
    "held": (
        Text("{title}: run {run} is held", "{title}: la ejecución {run} espera revisión"),
        Text(
            "Run {run} of {title} is held: its feed looks unlike that of the last run.",
            "La ejecución {run} de {title} espera revisión: su archivo no se parece al de la última.",
        ),
    ),
    "stopped": (
        Text("{title}: run {run} is held", "{title}: la ejecución {run} está retenida"),
        Text(
            "Run {run} of {title} is held, and its rows were not read.",
            "La ejecución {run} de {title} está retenida, y sus filas no se leyeron.",
        ),
    ),
    "failed": (
        Text("{title}: run {run} failed", "{title}: la ejecución {run} falló"),
        Text("Run {run} of {title} failed.", "La ejecución {run} de {title} falló."),
    ),
    "still": (
        Text("{title}: the feed stands still", "{title}: la exportación se detuvo"),
        Text("The feed of {title} brings nothing new.", "La exportación de {title} no trae nada nuevo."),
    ),
    "reports": (
        Text("{title}: files for you to look at", "{title}: archivos por mirar"),
        Text(
            "Run {run} of {title} left files for you to look at.",
            "La ejecución {run} de {title} dejó archivos que debe mirar.",
        ),
    ),
    "well": (
        Text("{title}: in order again", "{title}: en orden otra vez"),
        Text(
            "Run {run} of {title} went well: all is in order again.",
            "La ejecución {run} de {title} salió bien: todo está en orden otra vez.",
        ),
    ),
    "files": (
        Text("{title}: files are behind", "{title}: los archivos están atrasados"),
        Text(
            "The files or the page of {title} do not follow its table.",
            "Los archivos o la página de {title} no siguen a su tabla.",
        ),
    ),
    "files well": (
        Text("{title}: files are up to date again", "{title}: los archivos están al día otra vez"),
        Text(
            "Files and page of {title} follow its table again.",
            "Los archivos y la página de {title} siguen a su tabla otra vez.",
        ),
    ),
    "figures": (
        Text("{title}: figures that do not add up", "{title}: cifras que no cuadran"),
        Text(
            "Reports of {title} have figures that do not add up.",
            "Los informes de {title} tienen cifras que no cuadran.",
        ),
    ),
    "figures well": (
        Text("{title}: all figures add up again", "{title}: todas las cifras cuadran otra vez"),
        Text("All figures in reports of {title} add up again.", "Todas las cifras de {title} cuadran otra vez."),
    ),
    "full": (
        Text("{title}: no full feed for {days} days", "{title}: sin exportación completa desde hace {days} días"),
        Text(
            "The last full feed of {title} came {days} days ago.",
            "La última exportación completa de {title} llegó hace {days} días.",
        ),
    ),
    "full well": (
        Text("{title}: a full feed came", "{title}: llegó una exportación completa"),
        Text(
            "{title} has had a full feed: all is in order again.",
            "Llegó una exportación completa de {title}: todo está en orden otra vez.",
        ),
    ),
}
_NEXT = {
    "held": Text(
        "What was published before stays as it is. If the differences are right, release the run on its page, and it is"
        " published. If not, have the export mended: the next good feed goes through by itself.",
        "Lo publicado antes queda como está. Si las diferencias son correctas, libere la ejecución en su página y se"
        " publica. Si no, haga corregir la exportación: la próxima buena pasa por sí sola.",
    ),
    "stopped": Text(
        "Once this is settled, the next run goes through by itself.",
        "En cuanto esto se resuelva, la próxima ejecución pasa por sí sola.",
    ),
    "failed": Text(
        "What was published before stays as it is. The next run tries again by itself.",
        "Lo publicado antes queda como está. La próxima ejecución lo intenta de nuevo por sí sola.",
    ),
    "still": Text(
        "What was published before stays as it is. Ask whoever makes the export.",
        "Lo publicado antes queda como está. Pregunte a quien hace la exportación.",
    ),
    "reports": Text(
        "Nothing of them is on the portal. The page of the run names each file and says why; from there you publish it"
        " or refuse it.",
        "Nada de ellos está en el portal. La página de la ejecución nombra cada archivo y dice por qué; desde allí lo"
        " publica o lo rechaza.",
    ),
    "files": Text(
        "Readers have what was there. Every `ckan cpdi tick` tries again; `ckan cpdi build` does so at once.",
        "Los lectores tienen lo que había. Cada `ckan cpdi tick` lo intenta de nuevo; `ckan cpdi build`, de inmediato.",
    ),
    "figures": Text(
        "All others are published. The page says where each of them stands, and which figure would be right; with a"
        " corrected report it comes out by itself.",
        "Todas las demás se publican. La página dice dónde está cada una y qué cifra sería correcta; con un informe"
        " corregido sale por sí sola.",
    ),
    "full": Text(
        "The feeds since then hold the last days, or what changed. Rows that the department removed or renumbered"
        " since, and that those feeds cannot tell, are still published. Ask for an export of everything.",
        "Las exportaciones desde entonces traen los últimos días, o lo que cambió. Las filas que el departamento quitó"
        " o renumeró desde entonces, y que esas no pueden decir, siguen publicadas. Pida una exportación de todo.",
    ),
}
_HELD_FIGURES = Text(
    "Figures that are not published, since they do not add up: {held}; reports that they stand in: {reports}.",
    "Cifras que no se publican porque no cuadran: {held}; informes en los que están: {reports}.",
)
_UNREAD_FIGURES = Text(
    "Reports with rows of figures that cannot be read: {reports}.",
    "Informes con filas de cifras que no se pueden leer: {reports}.",
)
_NO_TEXT = Text("")
_LEFT = ("reports_held", "reports_refused")
"""Codes of the notices of a run that left files."""
_NUMBERS = 20
"""Numbers of reported errors that a mail names, the latest of them."""
_NUMBER = Text("no. {number}", "n.º {number}")
_ERRATA_SUBJECT = Text("Reported errors that wait: {n}", "Errores comunicados que esperan: {n}")
_ERRATA = Text(
    "Errors in the data that readers reported and that nobody has looked at: {n} ({numbers}).",
    "Errores en los datos que comunicaron los lectores y que nadie ha mirado: {n} ({numbers}).",
)
_WHO = Text(
    " Who gets it: the addresses of ckanext.cpdi.alert_to, or else the admins of the organization; in which language,"
    " ckanext.cpdi.mail_languages says.",
    " Quién lo recibe: las direcciones de ckanext.cpdi.alert_to o, si no, los administradores de la organización; en"
    " qué idioma, lo dice ckanext.cpdi.mail_languages.",
)
_ERRATA_FOOT = Text(
    "What the readers wrote stands on the portal alone. This mail comes at most once an hour, and after a week where"
    " they still wait.",
    "Lo que escribieron los lectores está solo en el portal. Este correo llega como máximo una vez por hora, y después"
    " de una semana si todavía esperan.",
)
_ONCE = Text("This mail comes once for each change.", "Este correo llega una vez por cada cambio.")
_FOOT = Text(
    "This mail comes once for each change, and again after a week.",
    "Este correo llega una vez por cada cambio, y otra vez después de una semana.",
)


@dataclass(frozen=True)
class HeldFigures:
    """How many figures in reports of a series are not published, and in how many ``reports`` something is wrong."""

    held: int = 0
    reports: int = 0

    def text(self, language: str) -> str:
        """Return that in words; an empty text where nothing is wrong."""
        if not self.reports:
            return ""
        return (_HELD_FIGURES if self.held else _UNREAD_FIGURES).get(language).format(**vars(self))


def write(report: NightReport, dataset: Dataset, trouble: bool, figures: HeldFigures, language: str) -> tuple[str, str]:
    """Return subject and body of the mail about a run; ``trouble`` is False where an earlier problem is over.

    ``figures`` are those of the series' reports that are held when the mail is written; new reports are read later.
    """
    kind = _kind(report) if trouble else "well"
    words = {"title": dataset.title.get(language), "run": report.run}
    reasons = _reasons(report, kind, language)
    if trouble and figures.reports:
        reasons += f"\n- {figures.text(language)}"
    return _mail(kind, words, reasons, f"/status/runs/{report.run}", language)


def write_state(dataset: Dataset, kind: str, problem: str, days: int, language: str) -> tuple[str, str]:
    """Return subject and body of the mail about files or full feeds of ``dataset``; ``kind`` is a key of ``_HEADS``."""
    words = {"title": dataset.title.get(language), "days": days}
    reason = translated(problem, language)
    return _mail(kind, words, reason, f"/status/{dataset.name}", language)


def write_figures(dataset: Dataset, figures: HeldFigures, language: str) -> tuple[str, str]:
    """Return subject and body of the mail about figures in reports of the series ``dataset``, or that all add up."""
    kind, words = "figures" if figures.reports else "figures well", {"title": dataset.title.get(language)}
    path = f"/status/reports/{dataset.name}#figures"
    return _mail(kind, words, figures.text(language), path, language, _ONCE)


def write_errata(numbers: Sequence[int], language: str) -> tuple[str, str]:
    """Return subject and body of the mail about reported errors that wait, which are ``numbers``, at least one.

    It has nothing of what the visitors wrote, and not who they are.
    """
    shown = ", ".join(_NUMBER.get(language).format(number=number) for number in numbers[-_NUMBERS:])
    begin = _ERRATA.get(language).format(n=len(numbers), numbers=shown)
    foot = _ERRATA_FOOT.get(language) + _WHO.get(language)
    subject = _ERRATA_SUBJECT.get(language).format(n=len(numbers))
    return subject, _joined(begin, _page("/status/corrections", language), foot)


def left_files(report: NightReport) -> bool:
    """Return whether a run of a series left files for staff."""
    return any(objection.code in _LEFT for objection in report.objections)


def _mail(
    kind: str, words: Mapping[str, object], reasons: str, path: str, language: str, often: Text = _FOOT
) -> tuple[str, str]:
    subject, begin = (head.get(language).format(**words) for head in _HEADS[kind])
    follows, foot = _NEXT.get(kind, _NO_TEXT).get(language), often.get(language) + _WHO.get(language)
    return subject, _joined(begin, reasons, follows, _page(path, language), foot)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _page(path: str, language: str) -> str:
    return addresses.url(path if language == "en" else f"/{language}{path}")


def _kind(report: NightReport) -> str:
    """Return of which kind the trouble of a run is, a key of ``_HEADS``."""
    if report.state == "held" and not report.objections:
        return "stopped"
    if report.state in ("held", "failed"):
        return report.state
    return "reports" if left_files(report) else "still"


def _reasons(report: NightReport, kind: str, language: str) -> str:
    """Return the objections, one a line; the ledger's message where the run failed, or was held before it read rows."""
    if kind in ("failed", "stopped"):
        return translated(report.message, language)
    return "" if kind == "well" else "\n".join(f"- {objection.get(language)}" for objection in report.objections)
