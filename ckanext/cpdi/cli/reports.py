"""``ckan cpdi reports``: what waits in the archive, and what the operator decides on it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

import click

from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json, table
from ckanext.cpdi.cli.people import operator

if TYPE_CHECKING:
    from ckanext.cpdi.store.reports import Held


@click.group()
def reports() -> None:
    """List reports that wait, publish, refuse or withdraw them; `load` adds some."""


@reports.command("list")
@click.argument("series", required=False)
@click.option("--published", is_flag=True, help="Those that are published, instead of those that wait.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the list `reports`.")
@plain_errors
def list_(series: str | None, published: bool, as_json: bool) -> None:
    """List the reports that wait for staff, of all series or of SERIES."""
    from ckanext.cpdi import config
    from ckanext.cpdi.jobs import kinds

    with quiet_stdout(), config.store() as store:
        names = [config.library().dataset(series).name] if series else kinds.series()
        read = store.reports.published if published else store.reports.held
        listed = [report for name in names for report in read(name)]
        kinds_noticed = {
            report.id: sorted({notice.kind for notice in store.reports.notices(report.id) if notice.holds})
            for report in listed
        }
    if as_json:
        say_json({"reports": [{**asdict(report), "noticed": kinds_noticed[report.id]} for report in listed]})
        return
    rows = [
        (str(report.id), report.series, _period(report), report.file_name, ", ".join(kinds_noticed[report.id]))
        for report in listed
    ]
    click.echo(table(("report", "series", "period", "file", "noticed"), rows) if rows else "None.")


@reports.command()
@click.argument("report", type=click.UUID)
@click.option("--day", type=click.DateTime(("%Y-%m-%d",)), help="Any day of its period, where that is not known.")
@click.option("--note", default="", help="For the records.")
@plain_errors
def release(report: UUID, day: object, note: str) -> None:
    """Publish the held REPORT as the next edition of its period."""
    from datetime import datetime

    from ckanext.cpdi import config
    from ckanext.cpdi.desk import reports as desk

    with quiet_stdout(), config.store() as store:
        chosen = day.date() if isinstance(day, datetime) else None
        done = desk.release(store, report, operator(), note, chosen)
    click.echo(f"{done.series} {_period(done)} is published as edition {done.edition}.")


@reports.command()
@click.argument("report", type=click.UUID)
@click.option("--note", default="", help="The reason, which a published report needs.")
@plain_errors
def withdraw(report: UUID, note: str) -> None:
    """Refuse the held REPORT, or take the published one off the portal: its text and its files are deleted."""
    from ckanext.cpdi import config
    from ckanext.cpdi.desk import reports as desk

    with quiet_stdout(), config.store() as store:
        before = desk.withdraw(store, report, operator(), note)
    click.echo(f"{before.file_name} is {'withdrawn' if before.state == 'published' else 'refused'}.")


@reports.command()
@click.argument("series")
@plain_errors
def adopt(series: str) -> None:
    """Take the files that were uploaded into SERIES by CKAN's form into the archive.

    Those that the archive publishes or holds leave the list of resources: what is held is seen by nobody. Files that
    are no reports stay where they are.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.desk import adoption

    with quiet_stdout():
        done = adoption.adopt(config.library().dataset(series).name, operator())
    click.echo(
        f"{series}: {done.published} published, {done.held} wait for staff, {done.left} are no reports and stay as they"
        " were."
    )


def _period(report: Held) -> str:
    """Return the period of a report as its address has it; empty where it is not known."""
    from ckanext.cpdi.publish.report_files import period_name

    if report.period_start is None or report.period_end is None:
        return ""
    return period_name(report.period_start, report.period_end)
