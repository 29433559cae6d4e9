"""What a records officer still has to decide before a drafted profile may be used, in the order of its importance."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.drafting.draft import Draft
from ckanext.cpdi.drafting.feed_draft import FeedDraft

_LIKELY = 0.5


def questions(draft: Draft) -> list[str]:
    """Return the decisions, each in a sentence or two; none of them holds a cell of a feed but a code."""
    asked = [feed.choice.words for feed in draft.feeds if feed.choice]
    asked += _of_department(draft)
    for feed in draft.feeds:
        asked += [f"{feed.dataset.name}: {question}" for question in _of_feed(feed)]
    asked += [f"{feed.dataset.name}: {feed.outlook.words}" for feed in draft.feeds if feed.lists or feed.flags]
    return asked


def _of_department(draft: Draft) -> Iterator[str]:
    department = draft.department
    missing = [name for name in ("agency", "city", "state") if not getattr(department, name)]
    if missing:
        yield f"Who the department is: {', '.join(missing)} under agency, in both languages where two are asked for."
    yield (
        "What the state's law wants beside public records (agency.terms), where records are asked for"
        " (agency.records_request_url), and who answers questions (agency.contact_name, agency.contact_email)."
    )
    if not department.boundary:
        yield (
            f"The boundary is {draft.ground.words}, not the city's: take the official one as GeoJSON (--boundary),"
            " since points beyond its surroundings are quarantined."
        )
    if draft.zone_basis != "as said" and (draft.state is None or draft.state.more_zones):
        yield f"The time zone {draft.zone} is {draft.zone_basis}: confirm it."
    yield "The patrol areas, if the department has a map of them: GeoJSON under teams."


def _of_feed(feed: FeedDraft) -> Iterator[str]:
    if not feed.lists and not feed.flags:
        yield (
            "Nothing in the feed says how sensitive a row is, so that all rows are withheld. Is there a column of"
            " codes? Else say it of all rows alike: default_class."
        )
    yield from _of_lists(feed)
    for flag in feed.flags:
        yield (
            f"The column {flag.header} may say that a row is sensitive: judge each of its values under flags. Until"
            " then every row is withheld."
        )
    yield from _of_columns(feed)
    yield from _of_key(feed)
    yield from feed.times.doubts
    yield from feed.points.doubts if feed.points else ()
    for words in (*feed.words, *feed.own_words):
        if words.open:
            yield (
                f"{len(words.open):,} words of {feed.header(words.column)} ({words.column}) stand for nothing yet: the"
                " field is empty in their rows until they stand under values."
            )


def _of_lists(feed: FeedDraft) -> Iterator[str]:
    for name, drafted in feed.lists.items():
        if drafted.is_free_text:
            yield (
                f"The column {drafted.header} ({name}) holds no codes but texts, {drafted.kept_out:,} different ones:"
                " no list can be made of it, and all its rows are withheld. Is there a column of codes in the export?"
            )
            continue
        rows = sum(line.rows for line in drafted.lines)
        yield (
            f"Judge the {len(drafted.lines):,} values of {drafted.header} ({name}), which {rows:,} rows have: write a"
            " class into each line of its list. A row with a value that has none is withheld."
        )
        if drafted.kept_out:
            yield (
                f"{drafted.kept_out:,} more values of {drafted.header}, of {drafted.rows_kept_out:,} rows, are not"
                " written down: they stand in one row alone, or look like a person's name or number. Their rows are"
                " withheld. `ckan cpdi risk DATASET --feed FILE` shows them to who may see the export."
            )


def _of_columns(feed: FeedDraft) -> Iterator[str]:
    guesses = [
        f"{pair.header} for {name}"
        for name, pair in feed.matches.columns.items()
        if not pair.certain and not pair.by_contents
    ]
    yield from _of_contents(feed)
    if guesses:
        yield f"Are these columns taken for the right ones: {'; '.join(guesses)}?"
    for name in feed.lacking:
        yield (
            f"The feed seems to have no {name}, which the dataset requires: name its column under headers, or leave it"
            " under optional and say so to readers under gaps or breaks."
        )
    for name, header in feed.clocks.items():
        yield f"Is {header} the time of day of {feed.header(name)}?"
    for name, rule in feed.made.items():
        yield f"Is {name} right as it is made of {', '.join(rule.headers)}?"
    yield from _of_refused(feed)


def _of_contents(feed: FeedDraft) -> Iterator[str]:
    for name, pair in feed.matches.columns.items():
        if pair.by_contents:
            yield (
                f"No column has a name of {name}, which the dataset requires. {pair.header} is taken for it"
                f" {pair.basis}. Is it another? Then name that one under headers."
            )


def _of_refused(feed: FeedDraft) -> Iterator[str]:
    read = {*feed.clocks.values(), *(header for rule in feed.made.values() for header in rule.headers)}
    for header, why in feed.matches.refused.items():
        if header not in read:
            yield f"{header} {why}: it is not read."


def _of_key(feed: FeedDraft) -> Iterator[str]:
    key, header = feed.key, feed.header(feed.dataset.rows.key)
    if header and key.repeats:
        together = f" Together with {', '.join(key.columns[1:])} it is." if len(key.columns) > 1 else ""
        yield (
            f"{header} is not different in every row: {key.repeats:,} rows repeat one before them.{together} Is a row a"
            " person, an officer, a charge? Of rows with one key only the newest is published."
        )
    if not header:
        columns = f"; {', '.join(key.columns)} would tell all rows apart" if key.columns else ""
        yield f"No column is known as the number of a record{columns}."
    if key.copies:
        yield f"{key.copies:,} rows repeat another row in every column."
    if feed.pattern:
        yield (
            "Does the pattern that stands as a comment under patterns take the department's record numbers, and"
            " nobody's telephone number or date? Then make a line of it."
        )
