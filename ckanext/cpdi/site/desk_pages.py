"""The records desk's pages: records that must not be there, and approval of the privacy rules.

Both speak to the portal's actions, which check who asks. What a form sends stands in its body alone, and no cache keeps
an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as Answer

from ckanext.cpdi import config
from ckanext.cpdi.declare import Text
from ckanext.cpdi.declare.departments.denial import REASONS
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.site import words

desk = Blueprint("cpdi_desk", __name__, url_prefix="/status")


@desk.get("/deny")
def deny_form() -> Response:
    """Show the form, how many records are denied, and who changed that."""
    return _deny_page({"form": {}})


@desk.post("/deny")
def deny_records() -> Response | Answer:
    """Show what the given records reach; or, asked again with what came of that, do it."""
    form = request.form
    asked: dict[str, Any] = {"dataset": form.get("dataset", ""), "why": form.get("why", "other")}
    try:
        if "keys" not in form:
            numbers = {"dataset": asked["dataset"], "numbers": form.get("numbers", "")}
            found = _act("cpdi_deny_preview", numbers)
            return _deny_page({"form": form, "found": found, "hits": _hits(found["hits"])})
        done = _act("cpdi_deny", {**asked, "keys": form["keys"], "remove": form.get("remove", "")})
    except tk.ValidationError as error:
        return _deny_page({"form": form, "problem": _first(error)})
    tk.h.flash_success(_done(done, bool(form.get("remove"))))
    return tk.redirect_to("cpdi_desk.deny_form")


@desk.get("/approval")
def approval_form() -> Response:
    """Show which rules each table has, and whether they are approved."""
    return _approval_page("")


@desk.post("/approval")
def approve_rules() -> Response | Answer:
    """Approve the rules that were looked at."""
    form = request.form
    try:
        found = _act("cpdi_approve", {"dataset": form.get("dataset", ""), "version": form.get("version", "")})
    except tk.ValidationError as error:
        return _approval_page(_first(error))
    tk.h.flash_success(
        tk._("The privacy rules of {dataset}, version {version}, are approved.").format(
            dataset=form.get("dataset", ""), version=found["version"]
        )
    )
    return tk.redirect_to("cpdi_desk.approval_form")


def _deny_page(shown: Mapping[str, Any]) -> Response:
    """Return the page of denied records with what is ``shown`` on it."""
    language, zone = tk.h.lang(), config.profile().zone
    listed = _act("cpdi_deny_list", {})
    titles = {one.name: one.title.get(language) for one in config.library().tables}
    log = [
        {
            **one,
            "when": words.moment(one["at"], zone, language),
            "title": titles.get(one["dataset"], one["dataset"]),
            "reason": REASONS.get(one["why"], Text(one["why"])).get(language),
        }
        for one in listed["log"]
    ]
    series = [one.title.get(language) for one in config.library().datasets.values() if one.table is None]
    page = {
        "tables": titles,
        "reasons": {code: text.get(language) for code, text in REASONS.items()},
        "listed": [(titles.get(name, name), words.number(rows, language)) for name, rows in listed["listed"].items()],
        "log": log,
        "series": series,
        **shown,
    }
    return _private(tk.render("cpdi/deny.html", page))


def _approval_page(problem: str) -> Response:
    """Return the page of approvals, with what went wrong if anything did."""
    language, zone = tk.h.lang(), config.profile().zone
    titles = {one.name: one.title.get(language) for one in config.library().tables}
    rules = [
        {
            **one,
            "title": titles[one["dataset"]],
            "when": words.moment(one["approved_at"], zone, language) if one["approved_at"] else "",
        }
        for one in _act("cpdi_approval_list", {})
    ]
    may = _may("cpdi_approve")
    return _private(tk.render("cpdi/approval.html", {"rules": rules, "problem": problem, "may_approve": may}))


def _act(action: str, given: dict[str, Any]) -> Any:  # noqa: ANN401  whatever the action returns
    """Call an action as whoever asks; answer 403 where they may not."""
    try:
        return tk.get_action(action)({"user": tk.current_user.name}, given)
    except tk.NotAuthorized as error:
        return tk.abort(status_of(error), str(error))


def _may(action: str) -> bool:
    try:
        tk.check_access(action, {"user": tk.current_user.name}, {})
    except tk.NotAuthorized:
        return False
    return True


def _hits(hits: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the tables with how many of their rows would go."""
    language = tk.h.lang()
    titles = {one.name: one.title.get(language) for one in config.library().tables}
    return [(titles[name], words.number(rows, language)) for name, rows in hits.items()]


def _done(done: Mapping[str, Any], removed: bool) -> str:
    """Return what was done, in words."""
    if removed:
        return tk._("{n} records are off the list. They come back with the next run of their feed.").format(
            n=done["changed"]
        )
    text = tk._("{n} records are on the list and gone from the tables; files and archives are being made anew.").format(
        n=done["changed"]
    )
    if done["waiting"]:
        text += " " + tk._(
            "A run is at work in {names}: it publishes them no more, and the rest follows in minutes."
        ).format(names=", ".join(done["waiting"]))
    return text


def _first(error: tk.ValidationError) -> str:
    """Return what is wrong, in one sentence."""
    found = next(iter(error.error_dict.values()), "")
    return str(found[0] if isinstance(found, list) and found else found)


def _private(page: str) -> Response:
    return cache(make_response(page), 0)
