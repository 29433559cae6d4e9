"""``ckan cpdi places``: builds the places to which addresses are generalised, or describes them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ckanext.cpdi.cli.options import FILE
from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json

if TYPE_CHECKING:
    from ckanext.cpdi.desk.gazetteer import Summary


@click.command()
@click.option(
    "--from",
    "files",
    multiple=True,
    type=FILE,
    help="Address points as CSV (address, longitude, latitude, team), or a feed; several are joined.",
)
@click.option("--network", type=FILE, help="Streets with address ranges: TIGER/Line edges, a city's centerlines.")
@click.option("--public", type=FILE, help="Parks, malls, stations: polygons with a name, each a place of its own.")
@click.option("--dataset", default="", help="The dataset whose feeds these are; the first table if left out.")
@click.option("--profile", default="", help="Name or path of a profile; the site's own if left out.")
@click.option(
    "--private",
    type=FILE,
    help="Addresses, one a line, that never stand alone: shelters, clinics.",
)
@click.option("--again", is_flag=True, help="Make all places anew; published places of every row change.")
@click.option("--update", is_flag=True, help="Add places for new parts of town; those that there are stay.")
@click.option("--report", is_flag=True, help="Say how true the places are, by the last good run of each dataset.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@plain_errors
def places(
    files: tuple[Path, ...],
    network: Path | None,
    public: Path | None,
    dataset: str,
    profile: str,
    private: Path | None,
    again: bool,
    update: bool,
    report: bool,
    as_json: bool,
) -> None:
    """Build the places file from a street network, address points, or years of a feed; without, say what it holds.

    Units with fewer addresses than the profile wants are merged with their neighbours, and so is what the private
    list names. Another file changes published places, so it counts as a change of the privacy rules: somebody approves
    it before the next run publishes by it.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.desk.gazetteer import PlacesError, build_from
    from ckanext.cpdi.feeds import FeedError

    if report:
        _say_report(profile, as_json=as_json)
        return
    is_new = bool(files or network or public)
    with quiet_stdout():
        previous = _previous(profile, damaged=is_new and not update)
        if is_new:
            try:
                table = dataset or config.library().tables[0].name
                summary = build_from(
                    table, files, profile, private, network=network, public=public, again=again, update=update
                )
            except (FeedError, PlacesError) as error:
                raise click.ClickException(str(error)) from error
        elif previous is None:
            raise click.ClickException(
                "there are no places yet; --network or --from makes them, or the first feed does"
            )
        else:
            summary = previous
    changed = is_new and previous is not None and previous.version != summary.version
    if as_json:
        say_json({**asdict(summary), "changed": changed})
    else:
        click.echo(_words(summary, changed))


def _previous(profile: str, *, damaged: bool) -> Summary | None:
    """Return a summary of the places file; None where there is none, or with ``damaged`` where it is unreadable."""
    from ckanext.cpdi.desk.gazetteer import PlacesError, summary

    try:
        return summary(profile)
    except PlacesError as error:
        if damaged:
            return None
        raise click.ClickException(str(error)) from error


def _words(summary: Summary, changed: bool) -> str:
    """Return the summary of a places file in words."""
    lines = [
        f"{summary.path}",
        f"  {summary.grounded:,} units of ground for {summary.addresses:,} addresses, {summary.smallest:,} at least",
        f"  {summary.wide:,} of them are wider than the profile wants, since addresses are few there",
        f"  {summary.crossings:,} crossings, {summary.units - summary.grounded - summary.crossings:,} streets by name",
    ]
    if changed:
        lines.append(
            "Published places change with the next run of every dataset, once the new rules are approved:"
            " `ckan cpdi approve DATASET`."
        )
    return "\n".join(lines)


def _say_report(profile: str, *, as_json: bool) -> None:
    """Print how true the places are."""
    from ckanext.cpdi.desk.gazetteer import PlacesError
    from ckanext.cpdi.desk.place_report import place_report
    from ckanext.cpdi.site.runs.place_truth import beside_width

    with quiet_stdout():
        try:
            report = place_report(profile)
        except PlacesError as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        datasets = [asdict(truth) | {"when": truth.when.isoformat()} for truth in report.datasets]
        say_json({"datasets": datasets, "widths": report.widths, "wide": report.wide, "widest_metres": report.widest})
        return
    for truth in report.datasets:
        figures = truth.figures
        click.echo(f"{truth.dataset}, run {truth.run} of {truth.when:%Y-%m-%d %H:%M} UTC")
        click.echo(
            f"  {figures.placed:,} of {figures.rows:,} rows that may show a place have one"
            f" ({figures.placed_share or 0:.1%}): by address alone {figures.by_address:,}, by point alone"
            f" {figures.by_point:,}, by both {figures.placed - figures.by_address - figures.by_point:,}"
        )
        click.echo(f"  address and point are far apart in {figures.far_apart:,}")
        if figures.measured:
            click.echo(
                f"  shown {figures.median:,} m from where they were (median), {figures.p95:,} m (95 %),"
                f" {figures.greatest:,} m at most, in {figures.measured:,} rows"
            )
            click.echo(f"  {beside_width(figures.p95, report.widest, 'en')}")
        if figures.team_share is not None:
            click.echo(
                f"  in the team that the feed reports: {figures.team_share:.2%} of {figures.team_reported:,} rows"
            )
    if not report.datasets:
        click.echo("No run has counted yet how true its places are.")
    click.echo("Units by width: " + ", ".join(f"{name} {count:,}" for name, count in report.widths.items()))
    width = f"{report.widest:,.0f} m that the profile declares"
    click.echo(f"{report.wide:,} are wider than the {width}, since addresses are few there")
