"""``ckan cpdi sample``: synthetic feeds and reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ckanext.cpdi.cli.output import plain_errors

if TYPE_CHECKING:
    from ckanext.cpdi.declare import Profile

ROWS = {"calls": 100_000, "citations": 100_000, "reports": 60}
"""Default number of rows, or of reports."""
GROUND = ("streets", "addresses", "areas")
"""Reference data of the city that the rows lie in; its size is that of the city."""


@click.command()
@click.argument("kind", type=click.Choice([*ROWS, *GROUND]))
@click.option(
    "--rows", type=click.IntRange(min=1), help="How many rows or reports; 100,000 rows or 60 reports if left out."
)
@click.option("--seed", default=1, show_default=True, help="The same rows, seed and end give the same bytes.")
@click.option("--end", type=click.DateTime(["%Y-%m-%d"]), help="Day at which the feed ends; 2026-01-01 if left out.")
@click.option("--profile", default="", help="Name or path of the profile whose codes are used.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write, .gz compresses; for reports a folder, or a file .zip.",
)
@plain_errors
def sample(kind: str, rows: int | None, seed: int, end: datetime | None, profile: str, out: Path) -> None:
    """Write a synthetic feed, or a folder of synthetic reports, with the dirt of real ones; every id begins with
    SAMPLE. Streets with address ranges, address points and areas are those of the city of the same seed.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi import sample as samples

    if kind in GROUND:
        _write_ground(kind, config.profile(profile), seed, out)
        return
    writers: dict[str, Callable[..., None]] = {
        "calls": samples.write_calls,
        "citations": samples.write_citations,
        "reports": samples.write_reports,
    }
    count = rows or ROWS[kind]
    last: datetime | date | None = end.date() if end and kind == "reports" else end
    ends = {"end": last} if last else {}
    try:
        writers[kind](out, config.profile(profile), count, seed, **ends)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    if kind == "reports":
        click.echo(f"{out}: {count:,} reports and their index")
    else:
        click.echo(f"{out}: {count:,} rows, {out.stat().st_size:,} bytes")


def _write_ground(kind: str, profile: Profile, seed: int, out: Path) -> None:
    from ckanext.cpdi import sample as samples

    writers = {"streets": samples.write_streets, "addresses": samples.write_addresses, "areas": samples.write_areas}
    try:
        count = writers[kind](out, profile, seed)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"{out}: {count:,} {kind}")
