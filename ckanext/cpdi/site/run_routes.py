"""The pages about runs: the list, a run with its part for staff, and the state of each table."""

from __future__ import annotations

from datetime import UTC, datetime

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as Answer

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.refusal import says
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.spoken import first_of
from ckanext.cpdi.site import audience
from ckanext.cpdi.site.dataset.freshness import Freshness
from ckanext.cpdi.site.pages import Portal, freshness_of
from ckanext.cpdi.site.portal import portal
from ckanext.cpdi.site.runs import completeness, files, recent, review, run_page, status, trends

run_pages = Blueprint("cpdi_runs", __name__, url_prefix="/status")

answering = says(lambda: tk._("The run ledger cannot be read at the moment."))


def tables() -> dict[str, Dataset]:
    """Return the tables that the user may read, by name."""
    return {dataset.name: dataset for dataset in config.library().tables if readers(dataset.name) is not Readers.NOBODY}


def run_datasets() -> dict[str, Dataset]:
    """Return what has runs, and the user may read, by name: the tables, and the series of reports."""
    series = (dataset for dataset in config.library().datasets.values() if dataset.table is None)
    return tables() | {dataset.name: dataset for dataset in series if readers(dataset.name) is not Readers.NOBODY}


def state_of(dataset: Dataset, view: Portal) -> status.DatasetStatus:
    """Return the present status of ``dataset``."""
    late_after = tk.config["ckanext.cpdi.late_after"]
    return status.describe(dataset, view.ledger, view.profile, view.language, view.now, late_after)


def fresh_of(dataset: Dataset, view: Portal) -> Freshness | None:
    """Return how current ``dataset`` is; None where nothing has been published."""
    return freshness_of(view, dataset, view.ledger.versions.get(dataset.name))


@run_pages.get("/runs")
@answering
def run_list() -> Response:
    """List the runs of all tables and series, or of the one in the link."""
    allowed, selected, language = run_datasets(), request.args.get("dataset", ""), tk.h.lang()
    if selected and selected not in allowed:
        tk.abort(404)
    names = [selected] if selected else list(allowed)
    listing = recent.read_runs(config.read_dsn(), names, _number("page", 1))
    shown = [(allowed[run.dataset], status.run_line(run, config.profile(), language)) for run in listing.runs]
    return audience.page(
        "cpdi/runs.html",
        {"runs": shown, "page": listing.page, "pages": listing.pages, "selected": selected, "tables": allowed.values()},
    )


@run_pages.get("/runs/<int:number>")
@answering
def run(number: int) -> Response:
    """Show a run; staff also see its lines or files, its message and the differences that held it.

    ``number`` may be that of a version, which stands for its run.
    """
    from ckanext.cpdi.store.table.version import run_of  # imports what only runs need

    number = run_of(number)
    allowed, language, profile = run_datasets(), tk.h.lang(), config.profile()
    public_run = recent.read_run(config.read_dsn(), number, list(allowed))
    if public_run is None:
        return tk.abort(404)
    shown = run_page.describe(public_run, allowed[public_run.dataset], profile, language)
    values: dict[str, object] = {"run": shown, "review": None}
    if audience.is_staff():
        reason, page = request.args.get("reason", ""), _number("page", 1)
        with config.store() as store:
            exact = store.ledger.run(number)
            if shown.series:
                values["files"] = files.lines(store, number, language)
            values["review"] = exact and review.describe(store, exact, profile, reason, page, language)
    return audience.page("cpdi/reports/run.html" if shown.series else "cpdi/run.html", values)


@run_pages.get("/runs/<int:number>/lines.csv")
def lines(number: int) -> Response:
    """Send the lines that a run set aside to staff: number, reason and field, never a value."""
    audience.staff_only()
    with config.store() as store:
        if store.ledger.run(number) is None:
            tk.abort(404)
        lines_aside = store.quarantine.lines(number, request.args.get("reason", ""))
    response = Response(review.as_csv(lines_aside), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=run-{number}-lines.csv"
    return cache(response, 0)


@run_pages.post("/runs/<int:number>/release")
def release(number: int) -> Answer:
    """Release a held run, and show it again."""
    try:
        done = tk.get_action("cpdi_run_release")({"user": tk.current_user.name}, {"run": number})
    except tk.NotAuthorized as error:
        tk.abort(status_of(error))
    except tk.ValidationError as error:
        tk.h.flash_error(first_of(error))
    else:
        follows = (
            tk._("Its source is being run anew; the result is the next run.")
            if done["job"]
            else tk._(
                "The next run of the same export publishes it; a file that was loaded by hand is to be loaded again."
            )
        )
        tk.h.flash_success(tk._("Run {number} is released.").format(number=number) + " " + follows)
    return tk.redirect_to("cpdi_runs.run", number=number)


@run_pages.get("/<name>")
def table(name: str) -> Response:
    """Show how complete a table is; staff also see the trends of its last nights."""
    dataset = tables().get(name)
    if dataset is None:
        return tk.abort(404)
    view = portal()
    counts = completeness.read(config.read_dsn(), dataset)
    values: dict[str, object] = {
        "dataset": dataset,
        "status": state_of(dataset, view),
        "fresh": fresh_of(dataset, view),
        "complete": completeness.describe(counts, dataset, view.language) if counts else None,
        "trends": None,
    }
    if audience.is_staff():
        now = datetime.now(UTC)
        with config.store() as store:
            runs = store.ledger.runs(name, limit=10 * trends.NIGHTS, since=trends.needed_since(now))
            last_read = next((candidate for candidate in runs if candidate.read), None)
            since = store.ledger.without_full(name)
            values["without_full"] = (now - since).days if since else 0
            values["full_after"] = config.full_after()
            values["trends"] = trends.describe(runs, view.profile, now, view.language)
            values["review"] = last_read and review.describe(store, last_read, view.profile, "", 1, view.language)
            values["reviewed"] = last_read and last_read.id
    return audience.page("cpdi/table_status.html", values)


def _number(name: str, default: int) -> int:
    """Return the number of a link's parameter; the default where it is none."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default
