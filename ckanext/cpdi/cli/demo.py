"""``ckan cpdi demo``: from an empty database to published data, by the way that a real night goes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ckanext.cpdi.cli.options import FILE
from ckanext.cpdi.cli.output import plain_errors

if TYPE_CHECKING:
    from ckanext.cpdi.declare import Profile
    from ckanext.cpdi.store import RunRow

DATASET = "calls-for-service"
ROWS = 60_000
SEED = 1
REPORTS = 14
SAMPLE_REPORTS = "reports-sample"


@dataclass(frozen=True)
class _Sample:
    """A synthetic feed: the table it fills, what its rows are called, its file, and rows for each one of the calls."""

    dataset: str
    kind: str
    file: str
    share: float


_SAMPLES = (
    _Sample(DATASET, "calls", "calls-sample.csv.gz", 1),
    _Sample("electronic-citations", "citations", "citations-sample.csv.gz", 0.25),
)
"""A quarter of the calls is a year of citations and some weeks of the one before, at the demo's size."""


@click.command()
@click.option("--feed", type=FILE, help="A file instead of the sample.")
@click.option("--profile", default="", help="Name or path of the profile of the feed; the site's own if left out.")
@click.option("--dataset", default=DATASET, show_default=True, help="The table that FEED fills.")
@click.option("--rows", default=ROWS, show_default=True, type=click.IntRange(min=1), help="Calls of the sample.")
@plain_errors
def demo(feed: Path | None, profile: str, dataset: str, rows: int) -> None:
    """Set up the department and harvest a night of synthetic calls and citations, or FEED, into it.

    With them come some synthetic reports.

    Run again it does only what is missing. Refused where ckanext.cpdi.production is true.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.department import ensure_all

    if config.production():
        raise click.ClickException("ckanext.cpdi.production is true: a real portal has no demo")
    if config.drop_path() is None:
        raise click.ClickException("ckanext.cpdi.drop_path is not set: the demo puts its feed there")
    with config.store() as store:
        store.migrate()
    for one in ensure_all():
        click.echo(f"made {one}")
    department = config.profile(profile)
    _approve(profile)
    if feed:
        name = _bring(feed)
        _harvest(_source(dataset, name, f"Feed {name}", profile), dataset)
    else:
        _reports(profile)
        for sample in _SAMPLES:
            if sample.dataset in department.datasets:
                _write(sample, profile, rows)
                title = f"Sample feed: synthetic {sample.kind}"
                _harvest(_source(sample.dataset, sample.file, title, profile), sample.dataset)
    _approve(profile)


def _approve(profile: str) -> None:
    """Approve the privacy rules of every table, which a demo does by itself, and says so."""
    from ckanext.cpdi import config
    from ckanext.cpdi.harvesters.approval import approve_demo

    department = config.profile(profile)
    with config.store() as store:
        names = approve_demo(store, profile)
    if names:
        click.echo(
            f"privacy rules of profile {department.name} {department.version} approved by the demo itself, which has no"
            f" records officer to ask: {', '.join(names)}"
        )


def _write(sample: _Sample, profile: str, calls: int) -> None:
    """Write a sample into the drop folder, unless it is there; ``calls`` is the size of that of the calls."""
    from ckanext.cpdi import config
    from ckanext.cpdi.sample import write_calls, write_citations

    path = _drop() / sample.file
    if not path.exists():
        rows = max(1, int(calls * sample.share))
        click.echo(f"writing {rows:,} synthetic {sample.kind}")
        department = config.profile(profile)
        write = {"calls": write_calls, "citations": write_citations}[sample.kind]
        write(path, department, rows, SEED, end=datetime.combine(_today(department), time()))


def _reports(profile: str) -> None:
    """Write the sample reports into the drop folder, unless they are there, and upload those that are missing."""
    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.sample_reports import upload
    from ckanext.cpdi.sample.reports import INDEX, write_reports

    folder = _drop() / SAMPLE_REPORTS
    if not (folder / INDEX).exists():
        department = config.profile(profile)
        write_reports(folder, department, REPORTS, SEED, end=_today(department))
    if uploaded := upload(folder):
        click.echo(f"uploaded {uploaded} synthetic reports")


def _today(department: Profile) -> date:
    return datetime.now(department.zone).date()


def _bring(feed: Path) -> str:
    """Put ``feed`` into the drop folder, under its own name; return that."""
    target = _drop() / feed.name
    if not (target.exists() and target.samefile(feed)):
        click.echo(f"bringing {feed.name} into the drop folder")
        unfinished = target.with_name(f".{target.name}.part")
        shutil.copyfile(feed, unfinished)
        unfinished.replace(target)
    return feed.name


def _drop() -> Path:
    from ckanext.cpdi import config

    found = config.drop_path()
    if found is None:
        raise click.ClickException("ckanext.cpdi.drop_path is not set")
    return found


def _source(dataset: str, name: str, title: str, profile: str) -> str:
    """Return the id of the harvest source of the file ``name``, made under ``title`` if it is missing."""
    from ckan import model

    from ckanext.cpdi.harvesters.sources import ensure_source

    source_id, made = ensure_source(dataset, f"drop:{name}", title, profile)
    if made:
        click.echo(f"made harvest source: {title}")
    model.Session.commit()
    return source_id


def _harvest(source_id: str, dataset: str) -> None:
    """Harvest the source through CKAN's harvester, and say how it went; end with code 1 where it did not go well."""
    from ckanext.cpdi import config
    from ckanext.cpdi.harvesters import after, jobs

    began = datetime.now(UTC)
    click.echo(f"harvesting {dataset}")
    errors = jobs.errors(jobs.run_now(source_id))
    if errors:
        raise click.ClickException("; ".join(errors))
    with config.store() as store:
        last = store.runs(dataset, limit=1)[0]
    click.echo(f"run {last.id}: {last.state}{_rows(last) if last.read else ''}")
    after.publish(dataset, after.profile_of(dataset))
    seconds = (datetime.now(UTC) - began) / timedelta(seconds=1)
    click.echo(f"files are up to date after {seconds:.1f} s")


def _rows(run: RunRow) -> str:
    return (
        f", read {run.read:,} = published {run.published:,} + withheld {run.withheld:,}"
        f" + quarantined {run.quarantined:,}"
    )
