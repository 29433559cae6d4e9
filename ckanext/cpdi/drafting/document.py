"""Writes a draft: the profile in YAML with what each line rests on, and its code lists, categories and boundary.

What is written can be loaded at once. Everything of privacy that a person has to confirm is written so that it
withholds until then: an empty class beside the proposed one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

import yaml

from ckanext.cpdi.drafting.draft import Draft
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.feed_draft import FeedDraft
from ckanext.cpdi.drafting.file.formats import are_short
from ckanext.cpdi.drafting.phrases import phrase
from ckanext.cpdi.drafting.questions import questions
from ckanext.cpdi.drafting.values.codes import DraftList
from ckanext.cpdi.drafting.values.events import event_of

_WIDTH = 118
_COLUMNS = (
    "value",
    "code",
    "text",
    "meaning",
    "category",
    "class",
    "proposed",
    "basis",
    "event",
    "event_reason",
    "call_source",
    "count",
)


def write(draft: Draft, folder: Path) -> Path:
    """Write the draft's files into ``folder`` and return the profile's path.

    Raises DraftError where one of them is there already.
    """
    files = files_of(draft)
    for name in files:
        if (folder / name).exists():
            raise DraftError(
                phrase(
                    "{path} is there already: name another folder with --into.",
                    "{path} ya existe: indique otra carpeta con --into.",
                    path=str(folder / name),
                )
            )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / f"{draft.department.file_name}.yaml"


def files_of(draft: Draft) -> dict[str, str]:
    """Return the texts of the draft's files by their path in its folder; the profile comes first."""
    name = draft.department.file_name
    files = {f"{name}.yaml": "\n".join(_profile(draft)) + "\n", f"{name}/boundary.geojson": draft.ground.geojson()}
    if draft.categories:
        files[f"{name}/categories.yaml"] = "".join(
            f"{category}: {_flow(titles)}\n" for category, titles in draft.categories.items()
        )
    for feed in draft.feeds:
        for column, drafted in feed.lists.items():
            files[f"{name}/{list_name(draft, feed, column)}.csv"] = _code_list(drafted)
    return files


def list_name(draft: Draft, feed: FeedDraft, column: str) -> str:
    """Return the name of the code list of a column; with its dataset where two datasets have such a column."""
    several = sum(column in other.lists for other in draft.feeds) > 1
    return f"{feed.dataset.name}-{column}" if several else column


def _code_list(drafted: DraftList) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for line in drafted.lines:
        proposal, code = line.proposal, line.proposal.code
        event, source = event_of(line.value, proposal), code.call_source if code else ""
        said = (line.value, "", "", line.value, proposal.category, "", proposal.privacy, proposal.basis.en)
        table.writerow((*said, *event, source, line.rows))
    return text.getvalue()


def _profile(draft: Draft) -> Iterator[str]:
    department, name = draft.department, draft.department.file_name
    yield from _comment("A first draft, made by `ckan cpdi profile new`. Behind each line stands what it rests on.")
    yield from _comment("Nothing is published by it yet: what the list at the end asks for has to be decided first.")
    yield f"name: {name}"
    yield f"version: {_flow(f'{datetime.now(UTC):%Y.%m}.0')}  # raise it with every change of the rules"
    yield f"time_zone: {draft.zone}  # {draft.zone_basis.en if draft.zone_basis else 'as said'}"
    yield "agency:"
    agency = department.agency or f"{department.city} Police Department".strip()
    yield f"  name: {_flow({'en': agency, 'es': agency})}"
    yield f"  short_name: {_flow(''.join(word[0] for word in agency.split() if word[0].isupper()) or agency)}"
    yield f"  city: {_flow(department.city)}"
    yield f"  state: {_flow(draft.state.name if draft.state else '')}"
    yield f"boundary: {name}/boundary.geojson  # {draft.ground.words.en}"
    yield "surroundings_km: 10"
    if draft.categories:
        yield f"categories_file: {name}/categories.yaml"
    if any(feed.lists for feed in draft.feeds):
        yield "code_lists:"
        for feed in draft.feeds:
            for column, drafted in feed.lists.items():
                listed = list_name(draft, feed, column)
                note = "texts, no codes" if drafted.is_free_text else f"{len(drafted.lines):,} values to be judged"
                yield f"  {listed}: {name}/{listed}.csv  # {note}"
    yield "datasets:"
    for feed in draft.feeds:
        yield from _feed(draft, feed)
    yield ""
    yield from _comment("What a records officer still has to decide:")
    for number, question in enumerate(questions(draft), start=1):
        yield from _comment(f"{number}. {question.en}", hanging="   ")


def _feed(draft: Draft, feed: FeedDraft) -> Iterator[str]:
    yield f"  {feed.dataset.name}:"
    rows = f"{feed.contents.rows:,} rows in {', '.join(map(_plain, feed.files))}; {feed.dialect.words}."
    yield from _comment(rows, indent=4)
    yield from _table(feed)
    yield from _headers(feed)
    yield from _comment(_sentence(feed.times.reasons), indent=4)
    yield f"    times: {_flow(_times(feed))}"
    if feed.points is not None:
        yield from _comment(_sentence(feed.points.reasons), indent=4)
        yield f"    coordinates: {_flow(_coordinates(feed))}"
    yield from _codes(draft, feed)
    yield from _values(feed)
    yield from _flags(feed)
    if feed.pattern:
        yield from _comment("The usual record numbers have this form. Once somebody has looked at it:", indent=4)
        yield f"    # patterns: {_flow({feed.dataset.rows.key: feed.pattern})}"
    if len(feed.contents.nulls) > 1:
        yield f"    nulls: {_flow(list(feed.contents.nulls))}  # words for nothing in several columns"
    if ignored := [header for header in feed.unread if header not in feed.key_columns]:
        yield f"    ignored: {_flow(ignored)}"


def _table(feed: FeedDraft) -> Iterator[str]:
    """Yield where the table is in its file, as far as that has to be said."""
    dialect = feed.dialect
    if dialect.delimiter not in ",;\t|":
        yield f"    delimiter: {_flow(dialect.delimiter)}"
    if dialect.header_line:
        yield f"    header_line: {dialect.header_line}  # above it stands a title"
    if dialect.notes:
        yield f"    notes: {_flow(list(dialect.notes))}  # so begin lines below the table"
    if dialect.sheet:
        yield f"    sheet: {_flow(dialect.sheet)}  # of several, the one with the most rows"
    if dialect.records:
        yield f"    records: {_flow(dialect.records)}  # the way to the records in the document"
    if not dialect.ends_line:
        yield "    final_newline: optional  # the last line has no end: look whether the file is whole"


def _headers(feed: FeedDraft) -> Iterator[str]:
    """Yield which headers fill the columns, alone and together, and what the feed does not have."""
    exchanged = {"x": "y", "y": "x"} if feed.points is not None and feed.points.swapped else {}
    alone = {name: pair for name, pair in feed.matches.columns.items() if name not in feed.made}
    if feed.key_columns:
        alone.pop(feed.dataset.rows.key, None)
    yield "    headers:"
    for name, pair in alone.items():
        yield f"      {exchanged.get(name, name)}: {_flow([pair.header])}  # {pair.basis}"
    yield from _hints(feed)
    for name, header in feed.shared.items():
        yield f"      {name}: {_flow([header])}  # the words of two columns stand in one"
    if feed.made:
        yield "    columns:  # made of several, or of a part of one"
    for name, rule in feed.made.items():
        headers = list(rule.headers)
        more = {"longitude_first": True} if exchanged and rule.kind != "join" else {}
        yield f"      {name}: {_flow({rule.kind: headers if rule.kind == 'join' else headers[0], **more})}"
    if feed.key_columns:
        yield f"    key: {_flow({'columns': list(feed.key_columns)})}  # the fewest columns that tell all rows apart"
    if feed.lacking:
        yield f"    optional: {_flow(list(feed.lacking))}  # the dataset requires it, and the feed does not have it"


def _hints(feed: FeedDraft) -> Iterator[str]:
    """Yield as comments the columns that only a person may name."""
    for name, pair in feed.matches.hints.items():
        yield f"      # {name}: {_flow([pair.header])}  # {pair.basis}; for a person to say"


def _times(feed: FeedDraft) -> dict[str, Any]:
    times: dict[str, Any] = {"reading": feed.times.reading}
    if feed.times.formats.patterns:
        times["formats"] = list(feed.times.formats.patterns)
    dates = [column for column, has_hours in feed.days.items() if has_hours and column not in feed.clocks]
    if dates:
        times["dates"] = dates
    if feed.clocks:
        times["clocks"] = {column: [header] for column, header in feed.clocks.items()}
        if any(are_short(feed.contents.sample[header]) for header in feed.clocks.values()):
            times["short_clocks"] = True
    return times


def _coordinates(feed: FeedDraft) -> dict[str, Any]:
    if feed.points is None or feed.points.reading != "projected":
        return {"reading": feed.points.reading if feed.points else "degrees"}
    return {"reading": "projected", "epsg": feed.points.epsg}


def _codes(draft: Draft, feed: FeedDraft) -> Iterator[str]:
    if feed.lists:
        yield "    codes:"
    for column, drafted in feed.lists.items():
        rule: dict[str, Any] = {"list": list_name(draft, feed, column)}
        if drafted.separator:
            rule["separator"] = drafted.separator
        if drafted.cut_at:
            rule["cut_at"] = drafted.cut_at
        note = f"  # many cells end at {drafted.cut_at} characters" if drafted.cut_at else ""
        yield f"      {column}: {_flow(rule)}{note}"


def _values(feed: FeedDraft) -> Iterator[str]:
    """Yield the words that are certain, and as comments those that a person has to say."""
    known = [words for words in feed.words if words.known]
    if known:
        yield "    values:"
    for words in known:
        yield f"      {words.column}:"
        for value, ours in words.known.items():
            yield f"        {_flow(value)}: {_flow(ours)}"
        for value, rows in words.open.items():
            yield f'        # {_flow(value)}: ""  # {rows:,} rows'
    unsaid = [words for words in (*feed.words, *feed.own_words) if not words.known and words.open]
    if unsaid and not known:
        yield "    # values:"
    for words in unsaid:
        yield f"    #   {words.column}:"
        for value, rows in words.open.items():
            own = _flow(value) if words in feed.own_words else '""'
            yield f"    #     {_flow(value)}: {own}  # {rows:,} rows"


def _flags(feed: FeedDraft) -> Iterator[str]:
    if feed.flags:
        yield from _comment("An empty class is not judged yet, and withholds the row.", indent=4)
        yield "    flags:"
    for flag in feed.flags:
        yield f"      - header: {_flow(flag.header)}"
        yield "        values:"
        for value, (rows, proposed) in flag.values.items():
            yield f'          {_flow(value)}: ""  # proposed: {proposed}{f"; {rows:,} rows" if rows else ""}'


def _comment(text: str, indent: int = 0, hanging: str = "") -> Iterator[str]:
    """Yield a comment in lines of the usual width."""
    before = " " * indent + "# "
    for line in wrap(_plain(text), _WIDTH - len(before), subsequent_indent=hanging):
        yield before + line


def _sentence(reasons: Iterable[str]) -> str:
    text = "; ".join(reasons)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _plain(text: str) -> str:
    """Return a text without line ends, which would end a comment."""
    return " ".join(text.split())


def _flow(value: Any) -> str:  # noqa: ANN401  whatever YAML can hold
    """Return a value as YAML in one line; texts that YAML would take for something else in quotation marks."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False)
    return text.removesuffix("...\n").strip()
