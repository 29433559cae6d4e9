"""``ckan cpdi tick`` and ``worker``: the one line of cron, and the process that does the work."""

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

    done = ticks.tick()
    if done.skipped:
        click.echo("Another tick is at work.")
        return
    click.echo(
        f"ended {done.ended}, started {done.started}, queued again {done.queued}, built {done.built},"
        f" frozen {done.frozen}"
    )
    if done.faults:
        raise click.ClickException(f"failed: {', '.join(done.faults)}; the log says why")


@click.command()
@click.option("--drain", is_flag=True, help="End when the queues are empty.")
@plain_errors_of_service
def worker(drain: bool) -> None:
    """Do harvest jobs until told to stop (SIGTERM)."""
    from ckanext.cpdi.jobs.worker import Worker

    one = Worker()
    one.stop_on_signals()
    click.echo("waiting for harvest jobs")
    done = one.run(drain=drain)
    click.echo(f"{done} messages done")
