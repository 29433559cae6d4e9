"""``ckan cpdi risk``: the report for a records officer who approves the rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ckanext.cpdi.cli.options import FILE
from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json, table

if TYPE_CHECKING:
    from ckanext.cpdi.desk.risk import Risk

_VALUES_SHOWN = 30
_SHAPES_SHOWN = 10
_ALIKE = """\
  alone: no other row of the table has the same place, time and kind, as published; who knows of the event knows the row
  under 5: so have at most three others; smallest: the fewest rows that look alike"""
_JOINABLE = """
  Of {met.rows:,} rows with hour and block, {likely} find in {met.other} exactly one
  that shows its minute in the same hour and block and ended so; {any} exactly one whatever its end.
  Give outcomes that tell of the other table a class that shows the hour."""
_SHOWN = """\
  as fed: time to the minute, the block, the kind of event; coarser: less of one of these
  waiting: not yet closed, or under embargo; counted only: never shown, by its class or for want of one"""


@click.command()
@click.argument("dataset")
@click.option(
    "--feed",
    type=FILE,
    help="Look at this feed instead of the last run.",
)
@click.option("--profile", default=None, help="Name or path of the feed's profile; that of the last feed if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@plain_errors
def risk(dataset: str, feed: Path | None, profile: str | None, as_json: bool) -> None:
    """Say how well the rows of DATASET hide among each other, and what the rules hold back.

    Ends with code 1 where values have come that no code list has: somebody has to judge them first.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.desk.risk import report
    from ckanext.cpdi.feeds import FeedError
    from ckanext.cpdi.rows import HeaderError

    with quiet_stdout(), config.store() as store:
        try:
            result = report(store, dataset, feed, profile)
        except (FeedError, HeaderError, ValueError) as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        say_json({**asdict(result), "ok": not result.unmapped})
    else:
        click.echo(in_words(result))
    if result.unmapped:
        raise SystemExit(1)


def in_words(result: Risk) -> str:
    """Return the report in words and tables."""
    parts = [f"{result.dataset}: how published rows hide among each other"]
    rows = [
        (
            class_risk.name,
            f"{class_risk.rows:,}",
            _with_share(class_risk.alone, class_risk.rows),
            _with_share(class_risk.few, class_risk.rows),
            f"{class_risk.smallest:,}",
        )
        for class_risk in result.classes
    ]
    parts.append(
        table(("class", "rows", "alone", "under 5", "smallest"), rows) if rows else "Nothing is published yet."
    )
    parts += [
        _ALIKE,
        *_joinable(result),
        "",
        f"What is shown of the rows of {'the feed' if result.run is None else f'run {result.run}'}",
    ]
    shown = _shares(result)
    parts.append(
        table(("class", "year", "rows", "as fed", "coarser", "waiting", "counted only"), shown)
        if shown
        else "No run yet."
    )
    parts += [_SHOWN, "", *_numbers(result), *_midnights(result), *_unmapped(result)]
    return "\n".join(parts)


def _shares(result: Risk) -> list[tuple[str, ...]]:
    """Return a line for each class and year."""
    counts: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for share in result.shares:
        counts[share.name, share.year][share.outcome] = share.rows
    lines: list[tuple[str, ...]] = []
    for (name, year), outcomes in counts.items():
        total = sum(outcomes.values())
        cells = (_with_share(outcomes.get(outcome, 0), total) for outcome in ("exact", "coarse", "waiting", "withheld"))
        lines.append((name, str(year), f"{total:,}", *cells))
    return sorted(lines)


def _joinable(result: Risk) -> list[str]:
    """Return how many rows can be joined with one row of another table, which tells their minute."""
    return [
        _JOINABLE.format(met=met, likely=_with_share(met.likely, met.rows), any=_with_share(met.one, met.rows))
        for met in result.met
    ]


def _numbers(result: Risk) -> list[str]:
    """Return the shapes of a feed's record numbers, and a pattern that fits them."""
    lines: list[str] = []
    for numbers in result.numbers:
        total = sum(rows for _, rows in numbers.shapes)
        lines.append(f"What the texts of {numbers.field} look like (9 a digit, A a letter)")
        lines.append(
            table(
                ("shape", "rows"), [(shape, _with_share(rows, total)) for shape, rows in numbers.shapes[:_SHAPES_SHOWN]]
            )
        )
        if len(numbers.shapes) > _SHAPES_SHOWN:
            lines.append(f"  and {len(numbers.shapes) - _SHAPES_SHOWN:,} more shapes")
        lines.append(
            f"  {_with_share(numbers.hidden, total)} are like no record number, or like a person's: a stand-in is shown"
        )
        if numbers.pattern:
            lines += [
                "  a pattern that fits the usual ones, for the profile, once somebody has looked at it:",
                f"    patterns: {{{numbers.field}: '{numbers.pattern}'}}",
            ]
        lines.append("")
    return lines


def _midnights(result: Risk) -> list[str]:
    """Return a hint where the times of a feed look like days."""
    from ckanext.cpdi.desk.midnights import MANY

    if result.midnights < MANY:
        return []
    return [
        f"DAYS: {result.midnights:.1%} of the times are midnights. If the feed has days without a time, say so in the",
        "  profile, times: {days: true}; they are then shown as days and not as events of 0:00.",
        "",
    ]


def _unmapped(result: Risk) -> list[str]:
    """Return the columns with values that are in no code list, and the values where a feed was read."""
    if not result.unmapped:
        return ["Every value has been judged: none came that the code lists do not have."]
    lines = ["NOT JUDGED: values came that no code list has. Their rows are withheld until the profile names them."]
    for column, rows in result.unmapped.items():
        lines.append(f"  {column}: {rows:,} rows")
        values = sorted(result.values.get(column, {}).items(), key=lambda item: (-item[1], item[0]))
        lines += [f"    {count:>8,}  {value!r}" for value, count in values[:_VALUES_SHOWN]]
        if len(values) > _VALUES_SHOWN:
            lines.append(f"    and {len(values) - _VALUES_SHOWN:,} more")
    if not result.values:
        lines.append("  Which values these are, --feed FILE shows.")
    return lines


def _with_share(rows: int, of: int) -> str:
    """Return a number of rows with its share."""
    return f"{rows:,} ({rows / of:.1%})" if of else "0"
