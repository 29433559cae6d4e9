"""``ckan cpdi demo``: from an empty database to published data, through the pipeline of a real night."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ckanext.cpdi.cli.options import FILE
from ckanext.cpdi.cli.output import plain_errors
from ckanext.cpdi.whole_file import written

if TYPE_CHECKING:
    from ckanext.cpdi.declare import Profile
    from ckanext.cpdi.sample import SampleFeed
    from ckanext.cpdi.store import RunRow

DATASET = "calls-for-service"
ROWS = 60_000
SEED = 1
REPORTS = 26
"""Reports of each series: half a year of weeks, two years of months."""
SAMPLE_REPORTS = "reports-sample"
_FEED_PREFIX = "Feed "
"""Prefix of the titles of harvest sources of feeds given with --feed, and of the labels of their runs."""


@click.command()
@click.option("--feed", type=FILE, help="A file instead of the sample.")
@click.option("--profile", default="", help="Name or path of the profile of the feed; the site's own if left out.")
@click.option("--dataset", default=DATASET, show_default=True, help="The table that FEED fills.")
@click.option("--rows", default=ROWS, show_default=True, type=click.IntRange(min=1), help="Calls of the sample.")
@click.option("--reports", default=REPORTS, show_default=True, type=click.IntRange(min=1), help="Reports a series.")
@plain_errors
def demo(feed: Path | None, profile: str, dataset: str, rows: int, reports: int) -> None:
    """Set up the department and harvest a night of synthetic calls and citations, or FEED, into it.

    With the sample come some synthetic reports. A FEED takes the place of the sample, and a profile that of another
    department, in everything that the portal shows.

    Run again it does only what is missing, with the feed that it had. Refused where ckanext.cpdi.production is true.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.department import ensure_all
    from ckanext.cpdi.catalog.describe import withdraw

    if config.production():
        raise click.ClickException("ckanext.cpdi.production is true: a real portal has no demo")
    if config.drop_path() is None:
        raise click.ClickException("ckanext.cpdi.drop_path is not set: the demo puts its feed there")
    with config.store() as store:
        store.migrate()
    for line in ensure_all():
        click.echo(f"made {line}")
    # Of the form before this one: a demo has nobody to ask.
    config.places_path(config.profile(profile).name).with_suffix(".parquet").unlink(missing_ok=True)
    feeds = _clear_or_continue(profile, feed)
    _dress(given=bool(profile or feed))
    for withdrawn in withdraw(config.profile(profile)):
        click.echo(f"made {withdrawn} private, which the profile has no feed of")
    _approve(profile)
    if feed:
        _harvest_feed(feed, profile, dataset)
    elif feeds:
        for table, name in feeds.items():
            _harvest(_ensure_source(table, name, _FEED_PREFIX + name, profile), table)
    else:
        _harvest_samples(profile, rows, reports)
    _approve(profile)


def _harvest_feed(feed: Path, profile: str, dataset: str) -> None:
    """Harvest a feed of somebody's own, and show its dataset, which may be one that the profile does not name."""
    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline.approval import open_approved

    name = _copy_feed(feed)
    _harvest(_ensure_source(dataset, name, _FEED_PREFIX + name, profile), dataset, must=True)
    with config.store() as store:
        open_approved(store, config.library().owner(dataset))


def _harvest_samples(profile: str, rows: int, reports: int) -> None:
    """Harvest the samples of the department's datasets, and those of its series of reports."""
    from ckanext.cpdi import config
    from ckanext.cpdi.desk import replace
    from ckanext.cpdi.jobs import figures
    from ckanext.cpdi.pipeline import publish
    from ckanext.cpdi.sample import FEEDS

    _make_places(profile)
    for sample in FEEDS:
        if sample.table in config.profile(profile).datasets:
            _write_sample(sample, profile, rows)
            title = f"{replace.SAMPLE}synthetic {sample.kind}"
            _harvest(_ensure_source(sample.table, sample.file, title, profile), sample.table)
    for series in config.profile(profile).reports:
        _write_reports(series, profile, reports)
        title = f"{replace.SAMPLE}synthetic reports, {series}"
        _harvest(_ensure_source(series, f"{SAMPLE_REPORTS}/{series}/*.pdf", title, profile), series)
        if read := figures.refresh(series, profile):
            publish.publish(read.dataset, config.profile(profile))
            click.echo(f"{read.dataset}: {read.state}, {read.published:,} figures of the reports' tables")


def _clear_or_continue(profile: str, feed: Path | None) -> dict[str, str]:
    """Remove what the demo showed where ``profile`` is another department's, or ``feed`` replaces the sample.

    Else returns the feeds of earlier calls, file names by dataset, which the demo goes on with.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.desk import replace
    from ckanext.cpdi.sample import FEEDS

    department = config.profile(profile)
    with config.store() as store:
        runs = replace.last_runs(store)
        other_department = bool(profile) and not all(replace.is_by_profile(run, department) for run in runs.values())
        if other_department or (feed and any(replace.is_sample(run) for run in runs.values())):
            click.echo("taking out what the demo showed: " + ", ".join(runs))
            replace.clear(store, department)
            for sample in FEEDS:
                (_drop_folder() / sample.file).unlink(missing_ok=True)
            shutil.rmtree(_drop_folder() / SAMPLE_REPORTS, ignore_errors=True)
            return {}
    return {
        name: run.feed_label.removeprefix(_FEED_PREFIX)
        for name, run in runs.items()
        if run.feed_label.startswith(_FEED_PREFIX)
        and (_drop_folder() / run.feed_label.removeprefix(_FEED_PREFIX)).exists()
    }


def _dress(*, given: bool) -> None:
    """Give the site's own profile the areas of the invented city while the portal shows the sample and nothing else.

    A profile that is ``given``, named by its path, or has areas is taken as it is.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.desk import replace
    from ckanext.cpdi.sample import write_profile

    name = config.profile_name()
    path, source = config.sample_profile(name), config.own_profile_path(name)
    if path is None:
        return
    own = config.profile(source)
    places = config.places_path(own.name)
    with config.store() as store:
        runs = replace.last_runs(store).values()
    if given or own.areas or not all(map(replace.is_sample, runs)):
        changed = path.is_file()
        path.unlink(missing_ok=True)
    elif runs or not places.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        changed = write_profile(path, source, own, SEED)
    else:  # somebody has made places, which nothing was loaded with
        return
    if changed:
        click.echo(f"the sample's profile is {'given' if path.is_file() else 'without'} areas of the invented city")
        places.unlink(missing_ok=True)
        config.forget_profiles()


def _approve(profile: str) -> None:
    """Approve the privacy rules of every table, as only a demo may do itself, and print that."""
    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline.approval import approve_demo

    department = config.profile(profile)
    with config.store() as store:
        names = approve_demo(store, profile)
    if names:
        click.echo(
            f"privacy rules of profile {department.name} {department.version} approved by the demo itself, which has no"
            f" records officer to ask: {', '.join(names)}"
        )


def _write_sample(sample: SampleFeed, profile: str, calls: int) -> None:
    """Write a sample into the drop folder, unless it exists; ``calls`` is the number of rows of the calls' sample."""
    from ckanext.cpdi import config

    path = _drop_folder() / sample.file
    if not path.exists():
        rows = max(1, int(calls * sample.share))
        click.echo(f"writing {rows:,} synthetic {sample.kind}")
        department = config.profile(profile)
        end = datetime.combine(_today(department), time())
        sample.write(path, department, rows, SEED, end=end, days=sample.days)


def _make_places(profile: str) -> None:
    """Make the places of the invented city from its streets and address points, unless there are some already."""
    from ckanext.cpdi import config
    from ckanext.cpdi.desk.gazetteer import build_from
    from ckanext.cpdi.sample import write_addresses, write_streets

    department = config.profile(profile)
    path = config.places_path(department.name)
    if path.exists():
        return
    with tempfile.TemporaryDirectory() as name:
        streets, addresses = Path(name) / "streets.geojson", Path(name) / "addresses.csv"
        write_streets(streets, department, SEED)
        write_addresses(addresses, department, SEED)
        summary = build_from(DATASET, [addresses], profile, network=streets)
    click.echo(f"made {summary.units:,} places of the invented city's streets and {summary.addresses:,} addresses")


def _write_reports(series: str, profile: str, reports: int) -> None:
    """Write the sample reports of ``series`` into the drop folder, unless they exist."""
    from ckanext.cpdi import config
    from ckanext.cpdi.sample.reports import INDEX, write_reports

    department = config.profile(profile)
    folder = _drop_folder() / SAMPLE_REPORTS / series
    if not (folder / INDEX).exists():
        click.echo(f"writing {reports:,} synthetic reports, {series}")
        write_reports(folder, department, reports, SEED, end=_today(department), series=series)


def _today(department: Profile) -> date:
    return datetime.now(department.zone).date()


def _copy_feed(feed: Path) -> str:
    """Copy ``feed`` into the drop folder; return its name."""
    target = _drop_folder() / feed.name
    if not (target.exists() and target.samefile(feed)):
        click.echo(f"bringing {feed.name} into the drop folder")
        with written(target) as unfinished:
            shutil.copyfile(feed, unfinished)
    return feed.name


def _drop_folder() -> Path:
    from ckanext.cpdi import config

    folder = config.drop_path()
    if folder is None:
        raise click.ClickException("ckanext.cpdi.drop_path is not set")
    return folder


def _ensure_source(dataset: str, name: str, title: str, profile: str) -> str:
    """Return the id of the harvest source of the file ``name``, created with ``title`` if it is missing."""
    from ckan import model

    from ckanext.cpdi.harvesters.sources import ensure_source

    source_id, created = ensure_source(dataset, f"drop:{name}", title, profile)
    if created:
        click.echo(f"made harvest source: {title}")
    model.Session.commit()
    return source_id


def _harvest(source_id: str, dataset: str, *, must: bool = False) -> None:
    """Harvest the source through CKAN's harvester, and print the result.

    A held or failed run is printed, and the portal starts with the data it had; with ``must`` a failed run raises
    ClickException.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.jobs import kinds, stages

    began = datetime.now(UTC)
    click.echo(f"harvesting {dataset}")
    errors = stages.errors(stages.run_now(source_id))
    with config.store() as store:
        last = next(iter(store.ledger.runs(dataset, limit=1)), None)
    if errors and must and (last is None or last.state != "held"):
        raise click.ClickException("; ".join(errors))
    if errors:
        state = f"run {last.id} is {last.state}" if last is not None else "no run"
        click.echo(f"{dataset}: {state}, so that the portal starts with what it had. {' '.join(errors)}")
        return
    if last is not None:
        click.echo(f"run {last.id}: {last.state}{_rows(last) if last.read else ''}")
    kinds.follow(dataset)
    seconds = (datetime.now(UTC) - began) / timedelta(seconds=1)
    click.echo(f"files are up to date after {seconds:.1f} s")


def _rows(run: RunRow) -> str:
    return (
        f", read {run.read:,} = published {run.published:,} + withheld {run.withheld:,}"
        f" + quarantined {run.quarantined:,}"
    )
