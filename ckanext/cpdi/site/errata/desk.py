"""Staff's pages of reported errors: what waits, what a visitor wrote, and the answer that is published.

All call the portal's actions, which check the user. No cache keeps an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as Answer

from ckanext.cpdi import config
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.site.errata import view
from ckanext.cpdi.site.errata.noticed import noticed

blueprint = Blueprint("cpdi_errata_desk", __name__, url_prefix="/status/corrections")

FIELDS = ("state", "summary", "answer", "language", "looked_at")
"""What the form of an answer sends."""


@blueprint.get("")
def waiting() -> Response:
    """Show the reports that wait, and the last that were answered."""
    from ckanext.cpdi.store.errata import StaffErratum

    listed, language, titles = _act("cpdi_erratum_list", {}), tk.h.lang(), _titles()
    values = {
        name: [view.line(StaffErratum(**erratum), titles, language) for erratum in errata]
        for name, errata in listed.items()
    }
    return cache(make_response(tk.render("cpdi/errata/waiting.html", values)), 0)


@blueprint.get("/<int:number>")
def show(number: int) -> Response:
    """Show what a visitor wrote, and the form for the answer."""
    return _page(number, {}, {})


@blueprint.post("/<int:number>")
def answer(number: int) -> Response | Answer:
    """Publish the answer; where it may name somebody show it again, to be looked at."""
    form = {name: request.form.get(name, "") for name in FIELDS}
    try:
        _act("cpdi_erratum_answer", {"number": number, **form})
    except tk.ValidationError as error:
        return _page(number, form, error.error_dict)
    tk.h.flash_success(tk._("The answer to no. {number} is published.").format(number=number))
    return tk.redirect_to("cpdi_errata_desk.waiting")


@blueprint.post("/<int:number>/remove")
def remove(number: int) -> Answer:
    """Delete what is no report of an error."""
    _act("cpdi_erratum_remove", {"number": number})
    tk.h.flash_success(tk._("No. {number} is deleted, with what was written.").format(number=number))
    return tk.redirect_to("cpdi_errata_desk.waiting")


def _page(number: int, form: Mapping[str, str], wrong: Mapping[str, Any]) -> Response:
    """Return the page of a report; ``form`` is what staff sent, ``wrong`` the messages by field."""
    from ckanext.cpdi.store.errata import StaffErratum

    shown = _act("cpdi_erratum_show", {"number": number})
    erratum, language = StaffErratum(**shown["erratum"]), tk.h.lang()
    values = {
        "erratum": view.line(erratum, _titles(), language),
        "letter": shown["letter"],
        "form": {name: form.get(name, getattr(erratum, name, "")) for name in FIELDS},
        "wrong": {name: _joined(messages) for name, messages in wrong.items() if name != "looked_at"},
        "look_at": _joined(wrong.get("looked_at", "")),
        "noticed": noticed("\n\n".join((form.get("summary", ""), form.get("answer", ""))), language),
        "states": view.states(language),
        "days": config.letters_kept().days,
    }
    return cache(make_response(tk.render("cpdi/errata/answer.html", values)), 0)


def _joined(messages: object) -> str:
    return " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)


def _titles() -> dict[str, str]:
    return {name: dataset.title.get(tk.h.lang()) for name, dataset in config.library().datasets.items()}


def _act(action: str, data: dict[str, Any]) -> Any:  # noqa: ANN401  whatever the action returns
    """Call an action as the user; answer 403 where it is not allowed, 404 where there is no such report."""
    try:
        return tk.get_action(action)({"user": tk.current_user.name}, data)
    except tk.NotAuthorized as error:
        return tk.abort(status_of(error), str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(status_of(error), tk._("There is no such report of an error."))
