"""``ckan cpdi tick`` and ``worker``: the command for cron, and the process that runs harvest jobs."""

from __future__ import annotations

import click

from ckanext.cpdi.cli.output import plain_errors, plain_errors_of_service


@click.command()
@plain_errors
def tick() -> None:
    """Start what is due, put right what hangs, build files that are behind; for cron, every five minutes.

    Ends with code 1 where a step failed.
    """
    from ckanext.cpdi.jobs import tick as ticks

    result = ticks.tick()
    if result.skipped:
        click.echo("Another tick is at work.")
        return
    click.echo(
        f"ended {result.ended}, started {result.started}, queued again {result.queued}, built {result.built},"
        f" frozen {result.frozen}"
    )
    if result.faults:
        raise click.ClickException(f"failed: {', '.join(result.faults)}; the log says why")


@click.command()
@click.option("--drain", is_flag=True, help="End when the queues are empty.")
@plain_errors_of_service
def worker(drain: bool) -> None:
    """Do harvest jobs until told to stop (SIGTERM)."""
    from ckanext.cpdi.jobs.worker import Worker

    process = Worker()
    process.stop_on_signals()
    click.echo("waiting for harvest jobs")
    count = process.run(drain=drain)
    click.echo(f"{count} messages done")
