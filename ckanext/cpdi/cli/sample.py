"""``ckan cpdi sample``: synthetic feeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from ckanext.cpdi.cli.output import plain_errors


@click.command()
@click.argument("kind", type=click.Choice(["calls", "citations"]))
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=1, show_default=True, help="The same rows, seed and end give the same bytes.")
@click.option("--end", type=click.DateTime(["%Y-%m-%d"]), help="Day at which the feed ends; 2026-01-01 if left out.")
@click.option("--profile", default="", help="Name or path of the profile whose codes are used.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write; .gz compresses.")
@plain_errors
def sample(kind: str, rows: int, seed: int, end: datetime | None, profile: str, out: Path) -> None:
    """Write a synthetic feed with the dirt of real ones; every id begins with SAMPLE."""
    from ckanext.cpdi import config
    from ckanext.cpdi import sample as samples

    writers: dict[str, Callable[..., None]] = {"calls": samples.write_calls, "citations": samples.write_citations}
    ends = {"end": end} if end else {}
    writers[kind](out, config.profile(profile), rows, seed, **ends)
    click.echo(f"{out}: {rows:,} rows, {out.stat().st_size:,} bytes")
