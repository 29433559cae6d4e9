"""Staff's pages of the archive of reports: add files, look at what was noticed, publish, refuse, withdraw.

All call the portal's actions, which check the user. No cache keeps an answer, and the picture of a page is drawn anew
each time: what is on it may have to be hidden.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as Answer

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.spoken import first_of
from ckanext.cpdi.site.reports import desk_view, faults, titles

blueprint = Blueprint("cpdi_report_desk", __name__, url_prefix="/status/reports")


@blueprint.get("")
def held() -> Response:
    """Show the form for files, and what waits."""
    return _list_page()


@blueprint.post("")
def add() -> Answer:
    """Take the files of the form; a single one is shown for the decision."""
    _staff_only()
    name = request.form.get("series", "")
    taken = [report for upload in request.files.getlist("upload") if (report := _receive(name, upload))]
    if len(taken) == 1 and len(request.files.getlist("upload")) == 1:
        return tk.redirect_to("cpdi_report_desk.report", report=taken[0]["id"])
    return (
        tk.redirect_to("cpdi_report_desk.series", name=name)
        if name in _series()
        else tk.redirect_to("cpdi_report_desk.held")
    )


@blueprint.get("/<name>")
def series(name: str) -> Response:
    """Show the form for files of one series, what waits in it, and what is published."""
    if name not in _series():
        tk.abort(404)
    return _list_page(name)


@blueprint.get("/report/<report>")
def report(report: str) -> Response:
    """Show a report as it is to be decided on: its period, what was noticed page by page, pictures of these pages."""
    return _report_page(report)


@blueprint.post("/report/<report>/release")
def release(report: str) -> Response | Answer:
    """Publish a held report, of the period that the form says."""
    form = request.form
    decision = {"report": report, "day": form.get("day", ""), "note": form.get("note", "")}
    try:
        done = _act("cpdi_report_release", decision)
    except tk.ValidationError as error:
        return _report_page(report, first_of(error))
    tk.h.flash_success(
        tk._("{title} is published as edition {edition}.").format(
            title=titles.period_title(done["period_start"], done["period_end"], tk.h.lang()), edition=done["edition"]
        )
    )
    return tk.redirect_to("cpdi_report_desk.series", name=done["series"])


@blueprint.post("/report/<report>/withdraw")
def withdraw(report: str) -> Response | Answer:
    """Refuse a held report, or withdraw a published one."""
    try:
        before = _act("cpdi_report_withdraw", {"report": report, "note": request.form.get("note", "")})
    except tk.ValidationError as error:
        return _report_page(report, first_of(error))
    gone = tk._("The report is withdrawn: its text and its files are deleted.")
    refused = tk._("The file is refused and deleted. The same file is not taken again.")
    tk.h.flash_success(gone if before["state"] == "published" else refused)
    return tk.redirect_to("cpdi_report_desk.series", name=before["series"])


@blueprint.get("/report/<report>/page/<int:number>.webp")
def picture(report: str, number: int) -> Response:
    """Send the picture of a page to staff."""
    try:
        drawn = _act("cpdi_report_picture", {"report": report, "page": number})
    except tk.ValidationError:
        return _nothing()
    answer = make_response(b64decode(drawn["data"]))
    answer.headers["Content-Type"] = drawn["media_type"]
    return cache(answer, 0)


def _nothing() -> Response:
    """Answer that there is no such report, or page of it."""
    return tk.abort(404, tk._("There is no such report."))


def _list_page(name: str = "") -> Response:
    """Return the page of one series, or of all."""
    waiting = _act("cpdi_report_list", {"series": name} if name else {})
    published = _act("cpdi_report_list", {"series": name, "state": "published"}) if name else []
    language, named = tk.h.lang(), titles.series_titles(_series().values(), tk.h.lang())
    values = {
        "series": named,
        "name": name,
        "held": [desk_view.line(entry, named, config.profile(), language) for entry in waiting],
        "published": [desk_view.line(entry, named, config.profile(), language) for entry in published],
        "megabytes": desk_view.MEGABYTES,
        "checked": _figures_of(name) is not None,
        "faults": _faults(name, language),
        "faulty": [
            (series, named[series], faults.held_text(count, language))
            for series, count in faults.count(_act("cpdi_report_faults", {})).items()
        ]
        if not name
        else [],
    }
    return cache(make_response(tk.render("cpdi/reports/desk.html", values)), 0)


def _figures_of(name: str) -> Dataset | None:
    """Return the table that the figures in reports of a series go into; None where they are not read."""
    series = _series().get(name)
    layout = config.profile().printed_figures(series) if series else None
    return config.library().dataset(layout.dataset) if layout else None


def _faults(name: str, language: str) -> tuple[faults.FaultyReport, ...]:
    """Return the reports of a series whose figures do not add up; none where they are not read."""
    table = _figures_of(name)
    return faults.describe(_act("cpdi_report_faults", {"series": name}), table, language) if table else ()


def _report_page(report: str, problem: str = "") -> Response:
    """Return the page of one report; ``problem`` is an error message or empty."""
    try:
        entry = _act("cpdi_report_show", {"report": report})
    except (tk.ObjectNotFound, tk.ValidationError):
        return _nothing()
    named = titles.series_titles(_series().values(), tk.h.lang())
    shown = desk_view.describe(entry, named, config.profile(), tk.h.lang())
    values = {"report": shown, "problem": problem, "form": request.form}
    return cache(make_response(tk.render("cpdi/reports/review.html", values)), 0)


def _receive(series_name: str, upload: Any) -> dict[str, Any] | None:  # noqa: ANN401  a file of a form
    """Take one file; say in words why it is not taken."""
    try:
        return _act("cpdi_report_receive", {"series": series_name, "upload": upload})
    except tk.ValidationError as error:
        name = getattr(upload, "filename", "")
        tk.h.flash_error(f"{name}: {first_of(error)}" if name else first_of(error))
        return None


def _staff_only() -> None:
    """Answer 403 to everybody but staff, also where a form brings nothing."""
    try:
        tk.check_access("cpdi_report_receive", {"user": tk.current_user.name}, {})
    except tk.NotAuthorized as error:
        tk.abort(status_of(error), str(error))


def _series() -> dict[str, Dataset]:
    return {name: dataset for name, dataset in config.library().datasets.items() if dataset.table is None}


def _act(action: str, data: dict[str, Any]) -> Any:  # noqa: ANN401  whatever the action returns
    """Call an action as the user; answer 403 where it is not allowed."""
    try:
        return tk.get_action(action)({"user": tk.current_user.name}, data)
    except tk.NotAuthorized as error:
        return tk.abort(status_of(error), str(error))
