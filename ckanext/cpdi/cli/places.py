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
@click.option("--dataset", default="", help="The dataset whose feeds these are; the first table if left out.")
@click.option("--profile", default="", help="Name or path of a profile; the site's own if left out.")
@click.option(
    "--private",
    type=FILE,
    help="Addresses, one a line, that never stand alone: shelters, clinics.",
)
@click.option("--again", is_flag=True, help="Replace a places file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@plain_errors
def places(
    files: tuple[Path, ...], dataset: str, profile: str, private: Path | None, again: bool, as_json: bool
) -> None:
    """Build the places file from address points, or from years of a feed; without --from, say what it holds.

    Units with fewer addresses than the profile wants are merged with their neighbours, and so is what the private
    list names. A new file changes the published places of every row, so it counts as a change of the privacy rules.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.desk.gazetteer import PlacesError, build_from
    from ckanext.cpdi.feeds import FeedError

    with quiet_stdout():
        previous = _previous(profile, damaged=bool(files) and again)
        if files:
            try:
                summary = build_from(dataset or config.library().tables[0].name, files, profile, private, again=again)
            except (FeedError, PlacesError) as error:
                raise click.ClickException(str(error)) from error
        elif previous is None:
            raise click.ClickException("there are no places yet; --from FILE makes them, or the first feed does")
        else:
            summary = previous
    changed = bool(files) and previous is not None and previous.version != summary.version
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
        f"  {summary.units:,} places for {summary.addresses:,} addresses; the smallest stands for {summary.smallest:,}",
        f"  {summary.merged:,} of {summary.parts:,} blocks, streets and crossings share a place with a neighbour",
    ]
    if changed:
        lines.append(
            "Published places change with the next run of every dataset, once the new rules are approved:"
            " `ckan cpdi approve DATASET`."
        )
    return "\n".join(lines)
