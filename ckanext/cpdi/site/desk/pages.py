"""The records desk's pages: what waits, the deny list, and the approval of privacy rules.

All call the portal's actions, which check the user. A form sends its values in the request's body only, and no cache
keeps an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as Answer

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.declare.departments.denial import REASONS
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.spoken import first_of
from ckanext.cpdi.site import audience, run_routes, words
from ckanext.cpdi.site.desk.tasks import tasks
from ckanext.cpdi.site.portal import portal
from ckanext.cpdi.site.reports import faults
from ckanext.cpdi.site.runs import heartbeat_text
from ckanext.cpdi.site.runs.sentence import Sentence

desk = Blueprint("cpdi_desk", __name__, url_prefix="/status")


@desk.get("/desk")
def index() -> Response | Answer:
    """Show what waits for staff; who is none is led on to their own datasets."""
    if not audience.is_staff():
        return tk.redirect_to("dashboard.datasets" if tk.current_user.is_authenticated else "user.login")
    view = portal()
    language, readable = view.language, run_routes.tables()
    held = Counter(report["series"] for report in _act("cpdi_report_list", {}))
    titles = {name: dataset.title.get(language) for name, dataset in _datasets().items()}
    statuses = [run_routes.state_of(table, view) for table in readable.values()]
    errors = _act("cpdi_erratum_list", {})["waiting"]
    figures = faults.count(_act("cpdi_report_faults", {}))
    private = [name for name in readable if name in config.library().datasets and readers(name) is Readers.ASKER]
    page = {
        "tasks": tasks(statuses, _act("cpdi_approval_list", {}), held, titles, language, errors, figures, private),
        "warnings": heartbeat_text.sentences(view.profile, view.now, language),
    }
    return _uncached(tk.render("cpdi/desk.html", page))


@desk.get("/deny")
def deny_form() -> Response:
    """Show the form, the number of denied records and the log of changes."""
    return _deny_page({"form": {}})


@desk.post("/deny")
def deny_records() -> Response | Answer:
    """Preview which rows the record numbers match; with the keys of such a preview, change the deny list."""
    form = request.form
    denial: dict[str, Any] = {"dataset": form.get("dataset", ""), "why": form.get("why", "other")}
    try:
        if "keys" not in form:
            numbers = {"dataset": denial["dataset"], "numbers": form.get("numbers", "")}
            preview = _act("cpdi_deny_preview", numbers)
            return _deny_page({"form": form, "preview": preview, "hits": _rows_by_title(preview["hits"])})
        result = _act("cpdi_deny", {**denial, "keys": form["keys"], "remove": form.get("remove", "")})
    except tk.ValidationError as error:
        return _deny_page({"form": form, "problem": first_of(error)})
    tk.h.flash_success(_result_text(result, bool(form.get("remove"))))
    return tk.redirect_to("cpdi_desk.deny_form")


@desk.get("/approval")
def approval_form() -> Response:
    """Show the rules of each table, and whether they are approved."""
    return _approval_page("")


@desk.post("/approval")
def approve_rules() -> Response | Answer:
    """Approve the rules in the version that the form shows."""
    form = request.form
    try:
        approval = _act("cpdi_approve", {"dataset": form.get("dataset", ""), "version": form.get("version", "")})
    except tk.ValidationError as error:
        return _approval_page(first_of(error))
    tk.h.flash_success(
        tk._("The privacy rules of {dataset}, version {version}, are approved.").format(
            dataset=form.get("dataset", ""), version=approval["version"]
        )
    )
    return tk.redirect_to("cpdi_desk.approval_form")


def _datasets() -> dict[str, Dataset]:
    """Return the series and the tables, by name."""
    library = config.library()
    return {**library.datasets, **{table.name: table for table in library.tables}}


def _deny_page(shown: Mapping[str, Any]) -> Response:
    """Return the page of denied records; ``shown`` adds to its template's values or replaces them."""
    language, zone = tk.h.lang(), config.profile().zone
    listed = _act("cpdi_deny_list", {})
    titles = {table.name: table.title.get(language) for table in config.library().tables}
    log = [
        {
            **entry,
            "when": words.moment(entry["at"], zone, language),
            "title": titles.get(entry["dataset"], entry["dataset"]),
            "reason": REASONS.get(entry["why"], Text(entry["why"])).get(language),
        }
        for entry in listed["log"]
    ]
    series = [dataset.title.get(language) for dataset in config.library().datasets.values() if dataset.table is None]
    page = {
        "tables": titles,
        "reasons": {code: text.get(language) for code, text in REASONS.items()},
        "listed": [(titles.get(name, name), words.number(rows, language)) for name, rows in listed["listed"].items()],
        "log": log,
        "series": series,
        **shown,
    }
    return _uncached(tk.render("cpdi/deny.html", page))


def _approval_page(problem: str) -> Response:
    """Return the page of approvals; ``problem`` is an error message or empty."""
    language, zone = tk.h.lang(), config.profile().zone
    titles = {table.name: table.title.get(language) for table in config.library().tables}
    rules = [
        {
            **rule,
            "title": titles[rule["dataset"]],
            "problem": Sentence.of(rule["problem"], language),
            "when": words.moment(rule["approved_at"], zone, language) if rule["approved_at"] else "",
        }
        for rule in _act("cpdi_approval_list", {})
    ]
    may = _is_allowed("cpdi_approve")
    return _uncached(tk.render("cpdi/approval.html", {"rules": rules, "problem": problem, "may_approve": may}))


def _act(action: str, data: dict[str, Any]) -> Any:  # noqa: ANN401  whatever the action returns
    """Call an action as the user; answer 403 where it is not allowed."""
    try:
        return tk.get_action(action)({"user": tk.current_user.name}, data)
    except tk.NotAuthorized as error:
        return tk.abort(status_of(error), str(error))


def _is_allowed(action: str) -> bool:
    try:
        tk.check_access(action, {"user": tk.current_user.name}, {})
    except tk.NotAuthorized:
        return False
    return True


def _rows_by_title(hits: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the titles of tables with the number of their rows that would be removed."""
    language = tk.h.lang()
    titles = {table.name: table.title.get(language) for table in config.library().tables}
    return [(titles[name], words.number(rows, language)) for name, rows in hits.items()]


def _result_text(result: Mapping[str, Any], removed: bool) -> str:
    """Return the message about a change of the deny list."""
    if removed:
        return tk._("{n} records are off the list. They come back with the next run of their feed.").format(
            n=result["changed"]
        )
    text = tk._("{n} records are on the list and gone from the tables; files and archives are being made anew.").format(
        n=result["changed"]
    )
    if result["waiting"]:
        text += " " + tk._(
            "A run is at work in {names}: it publishes them no more, and the rest follows in minutes."
        ).format(names=", ".join(result["waiting"]))
    return text


def _uncached(page: str) -> Response:
    return cache(make_response(page), 0)
