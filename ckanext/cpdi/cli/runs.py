"""``ckan cpdi runs`` and ``release``: lists the ledger, and releases a held run."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json, table

if TYPE_CHECKING:
    from ckanext.cpdi.store import RunRow

_COLUMNS = ("id", "dataset", "state", "read", "published", "added", "changed", "removed", "withheld", "quarantined")


@click.command()
@click.argument("dataset", required=False)
@click.option("--limit", default=20, show_default=True, help="How many, the latest first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the list `runs`.")
@plain_errors
def runs(dataset: str | None, limit: int, as_json: bool) -> None:
    """List the runs so far, of all tables or of DATASET.

    In each, read = published + withheld + quarantined; of a held run, published is what it would publish.
    """
    from ckanext.cpdi import config

    with quiet_stdout():
        if dataset:
            config.library().dataset(dataset)
        with config.store() as store:
            ledger = store.ledger.runs(dataset, limit=limit)
    if as_json:
        say_json({"runs": [asdict(run) for run in ledger]})
        return
    headers = ("run", "dataset", "state", "started", *_COLUMNS[3:], "message")
    rows = [
        (
            *(str(getattr(run, name)) for name in _COLUMNS[:3]),
            f"{run.started:%Y-%m-%d %H:%M}",
            *(_count(run, name) for name in _COLUMNS[3:]),
            run.message or "",
        )
        for run in ledger
    ]
    click.echo(table(headers, rows) if rows else "No run yet.")
    if any(run.state == "held" and run.read for run in ledger):
        click.echo("In brackets: what a held run would publish.")


def _count(run: RunRow, name: str) -> str:
    """Return a count of the ledger; in brackets where the rows are held."""
    rows = f"{getattr(run, name) or 0:,}"
    return f"({rows})" if name == "published" and run.state == "held" and run.read else rows


@click.command()
@click.argument("dataset")
@click.argument("year", type=int)
@plain_errors
def recount(dataset: str, year: int) -> None:
    """Take back the counts of people of a YEAR of the table DATASET, so that the next run makes them anew.

    For a year that was counted from a wrong feed alone: whoever kept the counts can compare them with the new ones.
    """
    from ckanext.cpdi import config

    with quiet_stdout():
        config.library().dataset(dataset)
        with config.store() as store:
            tables = store.tables.forget_people(dataset, year)
    if not tables:
        raise click.ClickException(f"No people of {year} have been counted in {dataset}.")
    again = f"Load the feed again to count them: ckan cpdi load {dataset} FILE --force"
    click.echo(f"Taken back: {tables} tables of people of {year}. {again}")


@click.command()
@click.argument("run", type=int)
@plain_errors
def release(run: int) -> None:
    """Let the held RUN through, and start it anew where it came from a harvest source."""
    from ckanext.cpdi.desk import release as releases

    with quiet_stdout():
        job = releases.release(run)
    then = "a worker runs it anew" if job else "the next run of its feed publishes it"
    click.echo(f"Run {run} is released: {then}.")
