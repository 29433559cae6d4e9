"""``ckan cpdi profile``: a first profile from a real export, and the effect of a profile on one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ckanext.cpdi.cli.options import FILE
from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cpdi.drafting.check import Effect

_VALUES_SHOWN = 30
_FILES = click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def profile() -> None:
    """A first profile from a real export, and what a profile makes of one."""


@profile.command("new")
@_FILES
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder; this one if left out."
)
@click.option("--name", default="", help="Name of the profile; the city's if left out.")
@click.option("--agency", default="", help="Name of the department.")
@click.option("--city", default="", help="City.")
@click.option("--state", default="", help="State, by name or postal code: zone and coordinate systems are its own.")
@click.option("--time-zone", default="", help="IANA name of the time zone; that of the state if left out.")
@click.option("--boundary", type=FILE, help="GeoJSON of the jurisdiction, in degrees.")
@click.option("--dataset", default="", help="Dataset of all files; the one whose columns they have if left out.")
@_AS_JSON
@plain_errors
def new(files: tuple[Path, ...], into: Path, dataset: str, as_json: bool, **said: Any) -> None:  # noqa: ANN401
    """Draft a department's profile from real exports, FILE... of one or several datasets.

    Written are the profile, its code lists, categories and boundary. What it needs of privacy is proposed and counts
    for nothing until a person has confirmed it: all that nobody judged is withheld.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.drafting.document import write
    from ckanext.cpdi.drafting.draft import Department, draft
    from ckanext.cpdi.drafting.questions import questions

    with quiet_stdout():
        drafted = draft(files, config.library(), config.shipped_profiles(), Department(**said), dataset)
        path = write(drafted, into)
        config.profile(path.absolute())
    asked = [question.en for question in questions(drafted)]
    if as_json:
        feeds = {feed.dataset.name: feed.contents.rows for feed in drafted.feeds}
        say_json({"profile": str(path), "rows": feeds, "questions": asked})
        return
    click.echo(f"{path} is written, with its code lists beside it.")
    for feed in drafted.feeds:
        click.echo(f"  {feed.dataset.name}: {feed.contents.rows:,} rows, {feed.dialect.words}")
    click.echo("\nWhat a records officer still has to decide:")
    for number, question in enumerate(asked, start=1):
        click.echo(f"{number:>3}. {question}")
    click.echo(f"\nThen: ckan cpdi profile check {path} {' '.join(map(str, files))}")


@profile.command("check")
@click.argument("reference", metavar="PROFILE")
@_FILES
@click.option("--dataset", default="", help="Dataset of the files; the profile's only one if left out.")
@_AS_JSON
@plain_errors
def check(reference: str, files: tuple[Path, ...], dataset: str, as_json: bool) -> None:
    """Say what PROFILE would publish of FILE..., and what not, and why. Nothing is loaded.

    Ends with code 1 where a value has come that nobody judged.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.drafting.check import effect_of
    from ckanext.cpdi.pipeline.places import read_stored

    with quiet_stdout():
        department = config.profile(reference)
        declared = config.library().dataset(dataset or _only(list(department.datasets)))
        places = read_stored(config.places_path(department.name))
        effect = effect_of(files, declared, department, config.secret(), places, datetime.now(UTC))
    if as_json:
        say_json({**asdict(effect), **_by_text(effect), "ok": not effect.unjudged})
    else:
        click.echo(in_words(effect))
    if effect.unjudged:
        raise SystemExit(1)


def _only(datasets: list[str]) -> str:
    if len(datasets) != 1:
        raise click.ClickException(f"The profile has several datasets: say --dataset {' | '.join(datasets)}.")
    return datasets[0]


def _by_text(effect: Effect) -> dict[str, Any]:
    """Return counts by reason for JSON, whose keys are texts."""
    return {
        name: {f"{reason} {field}".strip(): rows for (reason, field), rows in getattr(effect, name).items()}
        for name in ("withheld", "quarantined")
    }


def in_words(effect: Effect) -> str:
    """Return the effect in words and tables."""
    withheld, quarantined = sum(effect.withheld.values()), sum(effect.quarantined.values())
    parts = [
        f"{effect.dataset}: nothing was loaded. Of {effect.rows:,} rows today",
        f"  published {effect.published:,} + withheld {withheld:,} + quarantined {quarantined:,}",
        *_reasons("withheld", effect.withheld, effect.rows),
        *_reasons("quarantined", effect.quarantined, effect.rows),
        *_counts("by class", effect.classes),
        *(line for name, counts in effect.precisions.items() for line in _counts(f"published, {name}", counts)),
        *_counts("flagged", effect.flags),
    ]
    if not effect.has_places:
        parts.append(
            "\n  There is no places file yet: these places are made of the feed's own addresses, as the first"
            "\n  load makes them, and not kept. `ckan cpdi places` makes them of streets or address points."
        )
    if effect.ignored:
        parts.append(f"\n  Nothing reads these columns: {', '.join(effect.ignored)}")
    return "\n".join([*parts, *_sample(effect), *_unjudged(effect)])


def _reasons(outcome: str, reasons: Mapping[tuple[str, str], int], total: int) -> list[str]:
    """Return a table of reasons."""
    from ckanext.cpdi.site.runs import reasons as words

    if not reasons:
        return []
    rows = [
        (f"{count:,}", f"{count / total:.1%}", reason, field, words.text(reason, "en"))
        for (reason, field), count in reasons.items()
    ]
    return ["", table((outcome, "", "reason", "column", "in words"), rows)]


def _counts(title: str, counts: Mapping[str, int]) -> list[str]:
    rows = [(name, f"{count:,}") for name, count in counts.items()]
    return ["", table((title, "rows"), rows)] if rows else []


def _sample(effect: Effect) -> list[str]:
    """Return the rows that are shown, a line a field."""
    lines = [
        "",
        f"{len(effect.sample)} rows as they would be published" if effect.sample else "No row would be published.",
    ]
    for row in effect.sample:
        lines.append("  " + "; ".join(f"{name}: {value}" for name, value in row.items()))
    return lines


def _unjudged(effect: Effect) -> list[str]:
    """Return the values that nobody judged; those of one row are only counted."""
    lines: list[str] = []
    for column, values in effect.unjudged.items():
        lines += ["", f"NOT JUDGED: {sum(values.values()):,} rows have a value of {column} that has no class yet"]
        shown = sorted(
            ((rows, value) for value, rows in values.items() if rows > 1), key=lambda pair: (-pair[0], pair[1])
        )
        lines += [f"  {rows:>8,}  {value!r}" for rows, value in shown[:_VALUES_SHOWN]]
        if len(values) > len(shown[:_VALUES_SHOWN]):
            lines.append(f"  and {len(values) - len(shown[:_VALUES_SHOWN]):,} more")
    return lines
