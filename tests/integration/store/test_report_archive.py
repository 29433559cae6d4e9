"""The archive of reports: what is held is seen by nobody, an edition replaces its predecessor, search has pages."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from uuid import uuid4

import psycopg
import pytest

from ckanext.cpdi.errors import Said, translated
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.selection.reports.search import LONGEST, Part, parts, search
from ckanext.cpdi.store import StoreError
from ckanext.cpdi.store.reports import FileOutcome, Notice, PageText, Received

WEEK = (date(2024, 12, 30), date(2025, 1, 5))


@pytest.fixture
def series() -> str:
    return f"series-{uuid4()}"


@pytest.fixture
def reader(read_dsn):
    with psycopg.connect(read_dsn, autocommit=True) as connection:
        yield connection


def received(series, texts=("Crime fell in the week.",), period=WEEK, **more):
    pages = tuple(PageText(number, text) for number, text in enumerate(texts, 1))
    mark = uuid4().hex
    return Received(series, f"{mark}.pdf", mark, f"clean-{mark}", 1000, pages, period=period, **more)


def found(reader, words, series, **more):
    return search(reader, words, [series], **more)


def test_what_is_held_is_seen_by_nobody_until_it_is_published(store, reader, series):
    report = store.reports.receive(received(series, notices=(Notice(1, "name", "Q. Marrow"),)), None)
    assert archive.editions(reader, series) == []
    assert archive.pages(reader, report) == []
    assert found(reader, "crime", series).total == 0
    assert archive.version(reader, series) == 0
    published = store.reports.publish(report, "analyst", "looked at")
    assert (published.edition, published.present, published.decided_by) == (1, True, "analyst")
    assert [edition.id for edition in archive.editions(reader, series)] == [report]
    assert found(reader, "crime", series).total == 1
    assert archive.version(reader, series) == 1
    assert store.reports.notices(report) == []


def test_a_corrected_report_replaces_its_predecessor_which_stays_reachable(store, reader, series):
    first = store.reports.receive(received(series, ["It rained walnuts."]), None)
    second = store.reports.receive(received(series, ["It rained almonds."]), None)
    store.reports.publish(first)
    store.reports.publish(second)
    assert archive.edition(reader, series, WEEK[1]).id == second
    assert archive.edition(reader, series, WEEK[1], 1).id == first
    assert [edition.present for edition in archive.editions(reader, series)] == [True, False]
    assert found(reader, "walnuts", series).total == 0
    assert found(reader, "almonds", series).total == 1
    store.reports.withdraw(second, "analyst", "wrong week")
    assert archive.edition(reader, series, WEEK[1]).id == first
    assert archive.edition(reader, series, WEEK[1], 2) is None
    assert found(reader, "almonds", series).total == 0
    assert archive.pages(reader, second) == []
    assert archive.version(reader, series) == 3


def test_reports_are_published_together_or_not_at_all(store, reader, series):
    weeks = [(date(2025, 1, day), date(2025, 1, day + 6)) for day in (6, 13, 6)]
    batch = [received(series, period=week) for week in weeks]
    ids = store.reports.receive_all(batch, None)
    assert store.reports.receive_all(batch, None) == {}
    first, other, corrected = (ids[report.sha256] for report in batch)
    with suppress(OSError), store.reports.publishing([first, other, corrected]):
        raise OSError
    with pytest.raises(StoreError, match="not held"):
        store.reports.publish(uuid4())
    assert archive.editions(reader, series) == []
    with store.reports.publishing([other, first, corrected]) as published:
        assert [(report.id, report.edition, report.present) for report in published] == [
            (other, 1, True), (first, 1, False), (corrected, 2, True),
        ]  # fmt: skip
        assert archive.editions(reader, series) == []
    assert [edition.id for edition in archive.editions(reader, series)] == [other, corrected, first]
    with pytest.raises(StoreError, match="not held"), store.reports.publishing([first]):
        pass
    again = store.reports.receive(received(series, period=weeks[0]), None)
    assert store.reports.publish(again).edition == 3


def test_the_same_file_is_taken_once_also_after_it_was_withdrawn(store, series):
    report = received(series)
    first = store.reports.receive(report, None)
    with pytest.raises(StoreError, match="in the series already"):
        store.reports.receive(report, None)
    store.reports.publish(first)
    store.reports.withdraw(first, "analyst")
    assert store.reports.known(series)[report.sha256].state == "withdrawn"


def test_a_report_without_a_period_waits_for_it(store, series):
    report = store.reports.receive(received(series, period=None), None)
    with pytest.raises(StoreError, match="once its period is known"):
        store.reports.publish(report)
    store.reports.set_period(report, *WEEK)
    assert store.reports.publish(report).period_end == WEEK[1]
    for again in (store.reports.publish, lambda report: store.reports.set_period(report, *WEEK)):
        with pytest.raises(StoreError, match="not held"):
            again(report)
    with pytest.raises(StoreError, match="no such report"):
        store.reports.withdraw(uuid4(), "analyst")


def test_search_finds_words_and_phrases_on_their_page_in_both_languages(store, reader, series):
    english = received(series, ["One robbery.", "Two stolen bicycles were recovered near the river.", "None."])
    spanish = received(
        series, ["Hubo tres robos <b>cerca</b> del río."], period=(date(2024, 1, 1), date(2024, 1, 31)), language="es"
    )
    for report in (english, spanish):
        store.reports.publish(store.reports.receive(report, None))
    hits = found(reader, '"stolen bicycle"', series)
    assert [(hit.page, hit.period_end, hit.edition) for hit in hits.hits] == [(2, WEEK[1], 1)]
    assert hits.by_year == {2025: 1}
    assert Part("stolen", True) in hits.hits[0].snippet
    assert found(reader, '"bicycles stolen"', series).total == 0
    assert found(reader, "robo", series).by_year == {2024: 1}
    assert Part("robos", True) in found(reader, "robo", series).hits[0].snippet
    assert found(reader, "robbery or robo", series).by_series == {series: 2}
    assert found(reader, "robbery or robo", series, year=2024).total == 1
    assert found(reader, "robbery or robo", series, limit=1).total == 2
    assert search(reader, "robbery", []).total == 0


@pytest.mark.parametrize("words", ["", "the", "'", '"', "a & b | !", "\x00", ":*", "-", "%s %(words)s", "')); --"])
def test_odd_questions_find_nothing_and_break_nothing(store, reader, series, words):
    store.reports.publish(store.reports.receive(received(series), None))
    assert found(reader, words, series).total == 0


def test_a_question_has_a_length(reader, series):
    with pytest.raises(ValueError, match=f"at most {LONGEST}"):
        found(reader, "a" * (LONGEST + 1), series)


def test_a_snippet_is_text_in_parts():
    assert parts("a\n \x02b\x03 c\x04\x02d\x03") == (
        Part("a ", False), Part("b", True), Part(" c … ", False), Part("d", True),
    )  # fmt: skip


def test_text_with_control_characters_is_stored_without_them(store, series):
    report = store.reports.receive(received(series, ["a\x00b\x02c\nd"]), None)
    assert store.reports.pages(report) == [PageText(1, "a b c\nd")]


def test_the_read_role_sees_neither_files_nor_notices(reader):
    for table in ("report", "report_page", "report_finding", "report_file"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(f"SELECT FROM cpdi.{table}")
    columns = {column.name for column in reader.execute("SELECT * FROM public._cpdi_report").description}
    assert not columns & {"file_name", "sha256", "decided_by", "note"}


def test_a_run_says_what_became_of_each_file(store, series):
    run = store.ledger.start(series, "Drop folder", "", "", "", "1.0")
    report = store.reports.receive(received(series), run)
    long = Said("This PDF has {pages} pages; the most is {limit}.", pages=9, limit=5)
    files = [
        FileOutcome("b.pdf", "2", "withheld", "covered", "Text under a black bar on page 1.", report),
        FileOutcome("c.pdf", "3", "quarantined", "no_pdf", long),
        FileOutcome("d.pdf", "4", "unchanged"),
    ]
    store.reports.end(run, files, {"fetch": 0.5})
    row = store.ledger.run(run)
    assert (row.state, row.read, row.published, row.unchanged, row.withheld, row.quarantined) == (
        "published",
        3,
        1,
        1,
        1,
        1,
    )
    found = store.reports.files(run)
    assert found == files
    spanish = [translated(file.words, "es") for file in found]
    assert spanish[:2] == ["Text under a black bar on page 1.", "Este PDF tiene 9 páginas; el máximo es 5."]
    assert translated(store.reports.known(series, "1.0")["3"].reason, "es") == spanish[1]
    assert store.intake.outcomes(series)[report] == files[0]
    assert {(reason.outcome, reason.reason) for reason in store.ledger.reasons(run)} == {
        ("withheld", "covered"), ("quarantined", "no_pdf"),
    }  # fmt: skip
    assert "3" not in store.reports.known(series, "1.1")


def ended(store, series: str, *files: FileOutcome) -> str:
    """Return the state of a run that found ``files``."""
    run = store.ledger.start(series, "Drop folder", "", "", "", "1.0")
    state = store.reports.end(run, files, {})
    assert store.ledger.run(run).state == state
    return state


def test_a_run_that_finds_only_what_waits_or_was_refused_before_is_unchanged(store, series):
    refused = FileOutcome("c.pdf", "3", "quarantined", "no_pdf", "This is no PDF.")
    waits = FileOutcome("b.pdf", "2", "withheld", "report_waiting")
    unreachable = FileOutcome("d.pdf", "", "quarantined", "report_away")
    assert ended(store, series, refused, unreachable) == "published"
    assert ended(store, series, refused, unreachable, FileOutcome("a.pdf", "1", "unchanged")) == "unchanged"
    assert ended(store, series, refused, FileOutcome("e.pdf", "", "quarantined", "report_away")) == "published"
    assert ended(store, series, refused, waits) == "published"
    assert ended(store, series, refused, waits) == "unchanged"
    assert ended(store, series, FileOutcome("b.pdf", "2", "quarantined", "report_withdrawn")) == "published"
    assert ended(store, series, FileOutcome("b.pdf", "2", "published")) == "published"
    assert ended(store, "another-series", refused) == "published"
