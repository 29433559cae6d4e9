"""``ckan cpdi load``: loads a file into a table, or reports into a series."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json

if TYPE_CHECKING:
    from ckanext.cpdi.pipeline.run import NightReport

_FIELDS = ("run", "dataset", "state", "read", "published", "added", "changed", "removed", "unchanged", "withheld")
GOOD = ("published", "unchanged")


@click.command()
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--profile", default="", help="Name or path of a profile; the site's own if left out.")
@click.option("--force", is_flag=True, help="Run the file even if it has not changed since the last run.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@plain_errors
def load(dataset: str, file: Path, profile: str, force: bool, as_json: bool) -> None:
    """Load FILE into DATASET, which is made if it is missing; into a series, a PDF, a ZIP or a folder of PDFs.

    Ends with code 1 where the run failed or is held, and the data before it stay; and where the table is published, but
    its files or its page could not follow.
    """
    from ckanext.cpdi.jobs import kinds
    from ckanext.cpdi.jobs import load as loads

    with quiet_stdout():
        report = loads.run(
            dataset, str(file.absolute()), _absolute(profile), label=file.name, trusted_path=True, force=force
        )
    if as_json:
        say_json(as_dict(report))
    else:
        click.echo(in_words(report) + _advice(dataset))
    if report.state not in GOOD:
        raise SystemExit(1)
    with quiet_stdout():
        kinds.follow(dataset)


def _advice(dataset: str) -> str:
    """Return how to make the dataset public; empty where its rules have been approved."""
    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline.approval import current_approval

    if config.library().dataset(dataset).table is None:
        return ""
    with config.store() as store:
        if current_approval(store, dataset) is not None:
            return ""
    return (
        f"\n{dataset} is private: nobody has approved its privacy rules yet.\n"
        f"  Look at `ckan cpdi risk {dataset}`, and at its page, signed in; `ckan cpdi approve {dataset}` opens it."
    )


def as_dict(report: NightReport) -> dict[str, Any]:
    """Return a run with the keys of the public JSON output."""
    return {
        **{name: getattr(report, name) for name in _FIELDS},
        "quarantined": dict(report.quarantined),
        "seconds": report.seconds,
        "peak_mb": report.peak_mb,
        "message": report.message,
    }


def in_words(report: NightReport) -> str:
    """Return a run in a few lines."""
    lines = [f"Run {report.run} of {report.dataset}: {report.state}"]
    lines += [report.message] if report.message else []
    lines += _rows(report) if report.read else []
    lines += [f"  {objection.text}" for objection in report.objections if not objection.holds]
    return "\n".join(lines)


def _rows(report: NightReport) -> list[str]:
    """Return lines with the counts of the rows; of a held run, those that it would publish."""
    quarantined = sum(report.quarantined.values())
    is_held = report.state == "held"
    moved = ", ".join(
        f"{name} {rows:,}"
        for name, rows in (
            ("added", report.added),
            ("changed", report.changed),
            ("removed", report.removed),
            ("unchanged", report.unchanged),
        )
    )
    return [
        f"  read {report.read:,} = {'to be ' if is_held else ''}published {report.published:,}"
        f" + withheld {report.withheld:,} + quarantined {quarantined:,}",
        "  nothing was changed" if is_held else f"  {moved}",
        *(f"  quarantined, {reason}: {rows:,}" for reason, rows in sorted(report.quarantined.items())),
    ]


def _absolute(profile: str) -> str:
    """Return a profile's path as an absolute one; a name unchanged."""
    return str(Path(profile).absolute()) if profile.endswith((".yaml", ".yml")) or "/" in profile else profile
