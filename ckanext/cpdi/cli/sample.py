"""``ckan cpdi sample``: synthetic feeds and reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ckanext.cpdi.cli.output import plain_errors

if TYPE_CHECKING:
    from ckanext.cpdi.declare import Profile

ROWS, REPORTS = 100_000, 560
GROUND = ("streets", "addresses", "areas")
"""Reference data of the city that the rows lie in; its size is that of the city."""


class Kinds(click.ParamType[str]):
    """What can be written; the feeds among it are looked up when a command runs, since they load what only it needs."""

    name = "kind"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return ``value``; fail where there is no such kind."""
        from ckanext.cpdi.sample import FEEDS

        kinds = [*(feed.kind for feed in FEEDS), "reports", *GROUND]
        if value not in kinds:
            self.fail(f"{value!r} is not one of {', '.join(kinds)}", param, ctx)
        return value


@click.command()
@click.argument("kind", type=Kinds())
@click.option(
    "--rows", type=click.IntRange(min=1), help="How many rows or reports; 100,000 rows or 560 reports if left out."
)
@click.option("--seed", default=1, show_default=True, help="The same rows, seed and end give the same bytes.")
@click.option("--end", type=click.DateTime(["%Y-%m-%d"]), help="Day at which the feed ends; 2026-01-01 if left out.")
@click.option("--profile", default="", help="Name or path of the profile whose codes are used.")
@click.option("--series", help="Of reports: a series alone, as far back as --rows asks.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write, .gz compresses; for reports a folder, or a file .zip.",
)
@plain_errors
def sample(
    kind: str, rows: int | None, seed: int, end: datetime | None, profile: str, series: str | None, out: Path
) -> None:
    """Write a synthetic feed, or a folder of synthetic reports, with the dirt of real ones; every id begins with
    SAMPLE.

    KIND is calls, citations, force, force-people, force-officers, complaints, allegations, reports, streets, addresses
    or areas. Files of the same rows, seed and end are of the same incidents, complaints and city; --rows counts
    incidents of force and complaints.
    """
    from ckanext.cpdi import config

    try:
        if kind == "reports":
            words = _write_reports(config.profile(profile), rows, seed, end, series, out)
        else:
            words = _write(kind, config.profile(profile), rows, seed, end, out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"{out}: {words}")


def _write(kind: str, profile: Profile, rows: int | None, seed: int, end: datetime | None, out: Path) -> str:
    """Write a sample to ``out``; return what it is, in words."""
    from ckanext.cpdi import sample as samples

    ground: dict[str, Callable[[Path, Profile, int], int]] = {
        "streets": samples.write_streets,
        "addresses": samples.write_addresses,
        "areas": samples.write_areas,
    }
    if kind in ground:
        return f"{ground[kind](out, profile, seed):,} {kind}"
    feed = next(feed for feed in samples.FEEDS if feed.kind == kind)
    written = feed.write(out, profile, rows or ROWS, seed, **({"end": end} if end else {}))
    return f"{written:,} rows, {out.stat().st_size:,} bytes"


def _write_reports(
    profile: Profile, rows: int | None, seed: int, end: datetime | None, series: str | None, out: Path
) -> str:
    """Write reports to ``out``; return what they are, in words."""
    from ckanext.cpdi.sample import write_reports
    from ckanext.cpdi.sample.reports import SERIES

    if series not in (None, *SERIES):
        raise click.ClickException(f"{series!r} is not one of {', '.join(SERIES)}")
    count = rows or REPORTS
    write_reports(out, profile, count, seed, series=series, **({"end": end.date()} if end else {}))
    return f"{count:,} reports and their index"
