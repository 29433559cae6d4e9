"""``ckan cpdi parity``: compares a file of the previous portal with our table, for the migration."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json, table

if TYPE_CHECKING:
    from ckanext.cpdi.declare import Dataset
    from ckanext.cpdi.desk.parity import Difference, Parity


@click.command()
@click.argument("dataset")
@click.argument("old_file", type=click.Path(path_type=Path))
@click.option(
    "--year", type=click.IntRange(1000, 9999), help="Compare this year only; all that the file has if left out."
)
@click.option("--profile", default="", help="Name or path of a profile; the site's own if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@plain_errors
def parity(dataset: str, old_file: Path, year: int | None, profile: str, as_json: bool) -> None:
    """Set OLD_FILE, as the portal before published it, beside the table of DATASET.

    OLD_FILE is CSV or GeoJSON, plain, .gz or .zip. Columns are matched by the headers of the profile. Rows are counted
    by month and category on both sides, and rows that are not published here are explained. Nothing is changed.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.desk.parity import HeaderError, ParityError, compare
    from ckanext.cpdi.feeds import FeedError

    with quiet_stdout():
        declared = config.library().dataset(dataset)
        try:
            result = compare(dataset, old_file, profile, year)
        except (FeedError, HeaderError, ParityError) as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        say_json(asdict(result))
    else:
        click.echo("\n\n".join(_in_words(result, declared)))


def _in_words(result: Parity, dataset: Dataset) -> list[str]:
    """Return the comparison in paragraphs."""
    parts = [_rows(result, dataset), _columns(result)]
    for title, differences in (("month", result.months), ("category", result.categories)):
        if differences:
            parts.append(_differences(title, differences))
    return parts


def _rows(result: Parity, dataset: Dataset) -> str:
    """Return how many rows each side has, and the outcome of those of the file."""
    from ckanext.cpdi.site.runs import reasons

    own = {requirement.reason: requirement.title.en for requirement in dataset.rows.requires}

    def word(reason: str) -> str:
        return own.get(reason) or reasons.text(reason, "en")

    first, last = result.years or ("no", "time")
    span = str(first) if first == last else f"{first} to {last}"
    lines = [
        f"{dataset.name}, {span}: {result.there:,} rows in {result.file}, {result.here:,} here",
        f"  {result.both:,} are in both",
        *(
            f"  {rows:,} are {outcome} here: {word(reason)}"
            for outcome, counted in (("withheld", result.withheld), ("quarantined", result.quarantined))
            for reason, rows in sorted(counted.items(), key=lambda item: -item[1])
        ),
        f"  {result.missing:,} could be published and are not here: our feed did not bring them",
        f"  {result.only_here:,} are here and not in the file",
    ]
    for outcome, counted in result.last_run.items():
        counts = ", ".join(f"{word(reason)}: {rows:,}" for reason, rows in counted.items())
        lines.append(f"  Our last run, all years, {outcome}: {counts}")
    return "\n".join(lines)


def _columns(result: Parity) -> str:
    """Return which columns match."""
    lines = [(header, ", ".join(fields)) for header, fields in result.columns.matched]
    lines += [(header, "read, not published") for header in result.columns.unpublished]
    lines += [(header, "-") for header in result.columns.only_there]
    lines += [("-", name) for name in result.columns.only_here]
    return table(("column there", "field here"), lines)


def _differences(title: str, differences: list[Difference]) -> str:
    """Return both sides' counts in columns."""
    rows = [
        (
            difference.name or "(empty)",
            f"{difference.there:,}",
            f"{difference.here:,}",
            f"{change:+,}" if change else "",
        )
        for difference in differences
        for change in (difference.here - difference.there,)
    ]
    return table((title, "there", "here", "difference"), rows)
