"""``/corrections``: the form by which anybody reports an error, the reports with staff's answers, a feed of them.

What a visitor writes is for staff alone and stands on no page of these. The confirmation is the page of the report.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request
from redis import RedisError
from werkzeug.wrappers import Response as Answer

from ckanext.cpdi import config
from ckanext.cpdi.declare.erratum import STATES
from ckanext.cpdi.selection import errata
from ckanext.cpdi.selection.errata import Asked, Erratum
from ckanext.cpdi.selection.pool import page_transaction
from ckanext.cpdi.services.http.answer import open_to_all
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.rate import person
from ckanext.cpdi.services.http.refusal import says
from ckanext.cpdi.site import audience, tally
from ckanext.cpdi.site.errata import feed, form, view
from ckanext.cpdi.site.errata.form import ErrorForm
from ckanext.cpdi.site.errata.view import Question
from ckanext.cpdi.site.portal import packages

blueprint = Blueprint("cpdi_errata", __name__)

_HOUR = 3600
_ALL = 20
"""How many times as many reports all addresses together may send as one may."""
_DEEPEST = 500

answering = says(lambda: tk._("This cannot be read at the moment. Please try again in a minute."))


@blueprint.get("/corrections")
@answering
def index() -> Response:
    """Show the reports, the newest first."""
    titles = _titles()
    question = _question(titles)
    asked = _asked(question, titles)
    with page_transaction(config.read_dsn()) as connection:
        total = errata.count(connection, asked)
        listed = errata.newest(connection, asked, view.SHOWN, view.SHOWN * (question.page - 1))
    language = tk.h.lang()
    values: dict[str, object] = {
        "page": view.page(question, total, listed, titles, language),
        "states": view.states(language),
        "datasets": titles,
    }
    if request.args:
        return cache(make_response(tk.render("cpdi/errata/index.html", values)), 0)
    return audience.page("cpdi/errata/index.html", values)


@blueprint.get("/corrections/<int:number>")
@answering
def show(number: int) -> Response:
    """Show a report with staff's answer; ``new`` says that the reader has just sent it."""
    titles = _titles()
    with page_transaction(config.read_dsn()) as connection:
        erratum = errata.get(connection, number) if number < 2**31 else None
    if erratum is None or (erratum.dataset and erratum.dataset not in titles):
        tk.abort(404, tk._("There is no such report of an error."))
    values: dict[str, object] = {
        "erratum": view.line(erratum, titles, tk.h.lang()),
        "new": bool(request.args.get("new")),
        "days": config.letters_kept().days,
    }
    if request.args:
        return cache(make_response(tk.render("cpdi/errata/erratum.html", values)), 0)
    return audience.page("cpdi/errata/erratum.html", values)


@blueprint.get("/corrections.atom")
@answering
def atom() -> Response:
    """Answer with the reports as an Atom feed."""
    titles, language = _titles(), tk.h.lang()
    with page_transaction(config.read_dsn()) as connection:
        listed = errata.last_changed(connection, _asked(Question(), titles), feed.SHOWN)
    shown: list[tuple[Erratum, view.ErratumLine]] = [
        (erratum, view.line(erratum, titles, language)) for erratum in listed
    ]
    self_url = tk.h.url_for("cpdi_errata.atom", _external=True)
    text = feed.feed(shown, self_url, config.profile().agency.name.get(language), language)
    signed_in = tk.current_user.is_authenticated
    answer = Response(text, mimetype="application/atom+xml")
    return open_to_all(cache(answer, 0 if signed_in else audience.SECONDS))


@blueprint.get("/corrections/new")
def ask() -> Response:
    """Show the form, with the dataset and the record or page that a link names."""
    sent = form.read(request.args)
    owner = config.library().owner(sent.dataset)
    return _form(ErrorForm(dataset=owner or sent.dataset, about=sent.about[: form.LONGEST["about"]]), {}, 200)


@blueprint.post("/corrections/new")
def send() -> Response | Answer:
    """Take a report, and lead to its page; where something is wrong show the form again with all that was written."""
    sent, now = form.read(request.form), datetime.now(UTC)
    wrong = form.problems(sent, request.form, _titles(), now, tk.h.lang())
    if wrong:
        return _form(sent, wrong, 400)
    if _sent_too_many(now):
        words = tk._("These are more reports than the portal takes in an hour. Send it later, or write to us.")
        return _form(sent, {"form": words}, 429)
    from ckanext.cpdi.store.errata import Letter

    day, language = now.astimezone(config.profile().zone).date(), "es" if tk.h.lang()[:2] == "es" else "en"
    letter = Letter(sent.about, sent.text, sent.address)
    with config.store() as store:
        number = store.errata.receive(sent.dataset, letter, day, language)
    return tk.redirect_to("cpdi_errata.show", number=number, new=1)


def _form(sent: ErrorForm, wrong: dict[str, str], status: int) -> Response:
    """Return the page of the form; ``wrong`` has a sentence for each field that has to be mended."""
    values = {
        "sent": asdict(sent),
        "wrong": wrong,
        "datasets": _titles(),
        "stamp": form.stamp(datetime.now(UTC)),
        "trap": form.TRAP,
        "longest": form.LONGEST,
        "days": config.letters_kept().days,
    }
    return cache(make_response(tk.render("cpdi/errata/form.html", values), status), 0)


def _sent_too_many(now: datetime) -> bool:
    """Count this report; return whether the reader's address, or all together, sent more than the settings allow."""
    most = config.limits().error_reports_per_hour
    try:
        tries = tally.count("errors", person(), _HOUR)
    except RedisError:
        tries = 0  # what all send together is counted by the database
    if tries > most:
        return True
    with config.store() as store:
        return store.errata.received_since(now - timedelta(seconds=_HOUR)) >= _ALL * most


def _titles() -> dict[str, str]:
    """Return the titles of the datasets that the reader may see, by name."""
    declared, language = config.library().datasets, tk.h.lang()
    return {name: declared[name].title.get(language) for name in packages()}


def _question(titles: dict[str, str]) -> Question:
    state, dataset = request.args.get("state", ""), request.args.get("dataset", "")
    page = request.args.get("page", 1, type=int)
    return Question(
        words=" ".join(request.args.get("q", "").replace("\x00", " ").split())[:200],
        state=state if state in STATES else "",
        dataset=dataset if dataset in titles else None,
        page=min(max(page, 1), _DEEPEST),
    )


def _asked(question: Question, titles: dict[str, str]) -> Asked:
    """Return what the database is asked; reports about a dataset that the reader may not see are left out."""
    datasets = [question.dataset] if question.dataset else ["", *titles]
    return Asked(datasets, question.state, question.words)
