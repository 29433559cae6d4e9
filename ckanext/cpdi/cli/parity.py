"""``ckan cpdi parity``: a file of the portal before beside our table, for the change-over."""

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
            found = compare(dataset, old_file, profile, year)
        except (FeedError, HeaderError, ParityError) as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        say_json(asdict(found))
    else:
        click.echo("\n\n".join(_in_words(found, declared)))


def _in_words(found: Parity, dataset: Dataset) -> list[str]:
    """Return the comparison in paragraphs."""
    parts = [_rows(found, dataset), _columns(found)]
    for title, differences in (("month", found.months), ("category", found.categories)):
        if differences:
            parts.append(_differences(title, differences))
    return parts


def _rows(found: Parity, dataset: Dataset) -> str:
    """Return how many rows each side has, and what became of those of the file."""
    from ckanext.cpdi.site.runs import reasons

    own = {one.reason: one.title.en for one in dataset.rows.requires}

    def word(reason: str) -> str:
        return own.get(reason) or reasons.text(reason, "en")

    first, last = found.years or ("no", "time")
    span = str(first) if first == last else f"{first} to {last}"
    lines = [
        f"{dataset.name}, {span}: {found.there:,} rows in {found.file}, {found.here:,} here",
        f"  {found.both:,} are in both",
        *(
            f"  {rows:,} are {outcome} here: {word(reason)}"
            for outcome, counted in (("withheld", found.withheld), ("quarantined", found.quarantined))
            for reason, rows in sorted(counted.items(), key=lambda one: -one[1])
        ),
        f"  {found.missing:,} could be published and are not here: our feed did not bring them",
        f"  {found.only_here:,} are here and not in the file",
    ]
    for outcome, counted in found.last_run.items():
        said = ", ".join(f"{word(reason)}: {rows:,}" for reason, rows in counted.items())
        lines.append(f"  Our last run, all years, {outcome}: {said}")
    return "\n".join(lines)


def _columns(found: Parity) -> str:
    """Return which columns match."""
    lines = [(header, ", ".join(fields)) for header, fields in found.columns.matched]
    lines += [(header, "read, not published") for header in found.columns.unpublished]
    lines += [(header, "-") for header in found.columns.only_there]
    lines += [("-", name) for name in found.columns.only_here]
    return table(("column there", "field here"), lines)


def _differences(title: str, differences: list[Difference]) -> str:
    """Return both sides' counts in columns."""
    rows = [
        (one.name or "(empty)", f"{one.there:,}", f"{one.here:,}", f"{change:+,}" if change else "")
        for one in differences
        for change in (one.here - one.there,)
    ]
    return table((title, "there", "here", "difference"), rows)
