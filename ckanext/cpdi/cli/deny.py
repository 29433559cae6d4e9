"""``ckan cpdi deny``: removes records for good. Their numbers are read, hashed and not kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json, table
from ckanext.cpdi.cli.people import actor
from ckanext.cpdi.declare.departments.denial import REASONS

if TYPE_CHECKING:
    from ckanext.cpdi.desk.deny import DenyResult, Preview
    from ckanext.cpdi.store import Store

TERMINAL = Path("/dev/tty")


@click.command()
@click.argument("dataset")
@click.option(
    "--remove", is_flag=True, help="Take the records off the list; they come back with their feed's next run."
)
@click.option(
    "--why",
    default="other",
    show_default=True,
    help=f"One of {', '.join(REASONS)}.",
)
@click.option("--as", "name", default="", help="User in whose name this is done; the operator if left out.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--list", "show", is_flag=True, help="Read nothing; say how many are on the list, and who changed it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@plain_errors
def deny(dataset: str, remove: bool, why: str, name: str, yes: bool, show: bool, as_json: bool) -> None:
    """Deny the records of DATASET whose numbers stand on the standard input, one a line.

    What they reach is shown first. Then their rows leave every copy, in every dataset that carries these numbers, and
    never come back from a feed.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.desk import deny as denial

    with quiet_stdout(), config.store() as store:
        if show:
            config.library().dataset(dataset)
            answer, words = _list_summary(store, dataset)
        else:
            who = actor(name)
            try:
                answer, words = _change_list(store, dataset, remove, why, who, yes, as_json)
            except denial.DenyError as error:
                raise click.ClickException(str(error)) from error
    if as_json:
        say_json(answer)
    else:
        click.echo(words)
    if not as_json and not answer.get("done", True):
        raise SystemExit(1)


def _change_list(
    store: Store, dataset: str, remove: bool, why: str, who: str, yes: bool, as_json: bool
) -> tuple[dict[str, Any], str]:
    """Preview the change and make it once confirmed; return the answer, and the same in words."""
    from ckanext.cpdi.desk import deny as denial
    from ckanext.cpdi.pipeline.purge import LONG

    preview = denial.preview(store, dataset, click.get_text_stream("stdin"))
    answer: dict[str, Any] = {
        "dataset": dataset,
        "given": preview.numbers,
        "listed": preview.listed,
        "hits": preview.hits,
    }
    question = f"{_preview_in_words(preview)}\n{'Take them off the list' if remove else 'Deny them'}?"
    if not yes and (as_json or not _confirmed(question)):
        return {**answer, "done": False}, f"{_preview_in_words(preview)}\nNothing was done. With --yes it is."
    if remove:
        result = denial.lift(store, preview.keys, why, who)
        words = f"{result.changed:,} taken off the list. Their rows come back with the next run of their feed."
    else:
        result = denial.deny(store, preview.keys, why, who, LONG)
        words = f"{_preview_in_words(preview)}\n{_result_in_words(result)}"
    return {**answer, "done": True, "changed": result.changed, "waiting": list(result.waiting)}, words


def _preview_in_words(preview: Preview) -> str:
    """Return the preview in words."""
    lines = [f"{preview.numbers:,} record numbers, {preview.listed:,} of them on the list already."]
    lines += [f"  {dataset}: {rows:,} rows are in the table" for dataset, rows in preview.hits.items()]
    lines += [
        f"  {mention.series}: {mention.file_name}, page {mention.page}, has one of them ({mention.report});"
        " `ckan cpdi reports withdraw` takes it out"
        for mention in preview.mentions
    ]
    return "\n".join(lines)


def _result_in_words(result: DenyResult) -> str:
    from ckanext.cpdi import config

    lines = [f"{result.changed:,} added to the list; their rows have left table, files, archives and catalogue."]
    if result.waiting:
        lines.append(
            f"Not yet in {', '.join(result.waiting)}, where a run is at work: it will not publish them, and"
            " `ckan cpdi tick` removes what is left."
        )
    series = [dataset.name for dataset in config.library().datasets.values() if dataset.table is None]
    if series:
        lines.append(
            "Reports that have one of the numbers in their text are named above; look through scanned pages yourself:"
            f" {', '.join(series)}."
        )
    return "\n".join(lines)


def _list_summary(store: Store, dataset: str) -> tuple[dict[str, Any], str]:
    """Return how many records of ``dataset`` are on the list, and its last changes."""
    keys = [record for record in store.privacy.listed() if record.dataset == dataset]
    log = [asdict(entry) for entry in store.privacy.log(50) if entry.dataset == dataset]
    rows = [
        (f"{entry['at']:%Y-%m-%d %H:%M}", entry["who"], entry["action"], entry["why"], f"{entry['keys']:,}")
        for entry in log
    ]
    words = f"{len(keys):,} records of {dataset} are denied."
    if rows:
        words += "\n" + table(("when", "who", "what", "why", "records"), rows)
    return {"dataset": dataset, "listed": len(keys), "log": log}, words


def _confirmed(question: str) -> bool:
    """Ask at the terminal, since the standard input holds the numbers; False where there is none."""
    try:
        with TERMINAL.open("w") as asking, TERMINAL.open() as answering:
            print(f"{question} [y/N] ", end="", file=asking, flush=True)
            return answering.readline().strip().lower() in ("y", "yes")
    except OSError:
        return False
