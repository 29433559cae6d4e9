from datetime import UTC, datetime, timedelta
from functools import partial

import polars as pl
import pytest
from store_rows import frame, row

from ckanext.cpdi.errors import Said, translated
from ckanext.cpdi.store import Reason, RunInProgress, RunLost, RunSummary, Store, StoreError


@pytest.fixture
def other(write_dsn, read_role, migrated):
    with Store(write_dsn, read_role) as opened:
        yield opened


def rejects(*rows):
    return pl.DataFrame(
        list(rows),
        schema={"line": pl.UInt32, "outcome": pl.String, "reason": pl.String, "field": pl.String},
        orient="row",
    )


def test_a_run_is_accounted_for_row_by_row(place):
    run = place.start()
    summary = RunSummary(
        read=5,
        rejects=rejects(
            (4, "quarantined", "bad_time", "happened"),
            (3, "quarantined", "bad_time", "happened"),
            (5, "withheld", "embargo", None),
        ),
        classes={"open": 4, "residential": 1},
        seconds={"fetch": 0.12345},
        peak_mb=99,
    )
    with place.begin(run) as sync:
        sync.add(frame([row("A"), row("B")]))
        sync.apply(remove_missing=True)
        version = sync.commit(summary)
    found = place.store.ledger.run(run)
    assert (found.state, found.version, found.read, found.published, found.withheld) == ("published", version, 5, 2, 1)
    assert (found.quarantined, found.added, found.seconds, found.peak_mb) == (2, 2, {"fetch": 0.123}, 99)
    assert found.finished > found.started
    assert place.store.ledger.reasons(run) == [
        Reason("quarantined", "bad_time", "happened", 2),
        Reason("withheld", "embargo", "", 1),
    ]
    assert place.ask("SELECT line, reason, field FROM cpdi.run_reject WHERE run = %s ORDER BY line", run) == [
        (3, "bad_time", "happened"),
        (4, "bad_time", "happened"),
    ]
    assert place.ask("SELECT class, rows FROM public._cpdi_class WHERE run = %s ORDER BY 1", run) == [
        ("open", 4),
        ("residential", 1),
    ]


def test_a_run_ends_once(place):
    run = place.start()
    place.store.ledger.fail(run, "no feed")
    place.store.ledger.skip(run)
    assert (place.store.ledger.run(run).state, place.store.ledger.run(run).message) == ("failed", "no feed")
    with place.begin(run) as sync:
        sync.apply(remove_missing=True)
        with pytest.raises(RunLost):
            sync.commit(RunSummary(read=0))
    assert place.version() is None


def test_a_held_run_says_what_it_would_have_brought(place):
    run = place.start()
    summary = RunSummary(read=3, rejects=rejects((2, "quarantined", "bad_time", "")))
    place.store.ledger.hold(run, "rows down by 90 %", summary)
    found = place.store.ledger.run(run)
    assert (found.state, found.message, found.read, found.quarantined) == ("held", "rows down by 90 %", 3, 1)
    assert place.store.ledger.reasons(run) == [Reason("quarantined", "bad_time", "", 1)]


def test_the_sentence_that_a_run_ends_with_keeps_its_parts(place):
    said = Said("the last good run was at {at} by the same clock", at="2026-11-26 07:30 UTC")
    summary = RunSummary(read=1, rejects=rejects((2, "quarantined", "bad_time", "")))
    ledger = place.store.ledger
    for end in (ledger.fail, ledger.hold, partial(ledger.hold, summary=summary)):
        run = place.start()
        end(run, said)
        found = ledger.run(run)
        assert found.message == said
        assert translated(found.message, "es").startswith("la última ejecución buena fue el 2026-11-26")


def test_runs_come_newest_first_and_of_one_dataset(place, places):
    mine, others = [place.start() for _ in range(3)], places()
    others.start()
    assert [one.id for one in place.store.ledger.runs(place.dataset)] == mine[::-1]
    assert len(place.store.ledger.runs(place.dataset, limit=2)) == 2
    assert place.store.ledger.run(2**60) is None


def test_a_run_whose_process_is_gone_is_closed_at_the_next_start(place, other):
    run = other.ledger.start(place.dataset, "feed", "sha", "rules", "profile", "code")
    place.start()
    assert place.store.ledger.run(run).state == "running"
    other.close()
    place.start()
    found = place.store.ledger.run(run)
    assert found.state == "failed"
    assert found.message.startswith("interrupted")


def test_two_runs_of_a_dataset_exclude_each_other_and_the_first_goes_on(place, other):
    second = other.ledger.start(place.dataset, "feed", "sha", "rules", "profile", "code")
    with place.begin() as sync:
        sync.add(frame([row("A")]))
        begun = datetime.now(UTC)
        begin = other.begin(place.dataset, place.resource_id, place.table, second, "UTC")
        with pytest.raises(RunInProgress, match="another run"), begin:
            pytest.fail("two runs at work")
        assert datetime.now(UTC) - begun < timedelta(seconds=5)
        sync.apply(remove_missing=True)
        sync.commit(RunSummary(read=1))
    assert place.ids() == {"A": 1}


def test_runs_of_two_datasets_go_side_by_side(place, places, other):
    beside = places()
    run = other.ledger.start(beside.dataset, "feed", "sha", "rules", "profile", "code")
    with place.begin() as one, other.begin(beside.dataset, beside.resource_id, beside.table, run, "UTC") as two:
        for sync in (one, two):
            sync.add(frame([row("A")]))
            sync.apply(remove_missing=True)
            sync.commit(RunSummary(read=1))
    assert place.ids() == beside.ids() == {"A": 1}


def finish(place, fingerprint, next_due=None):
    with place.begin(place.start(fingerprint)) as sync:
        sync.add(frame([row("A")]))
        sync.apply(remove_missing=True)
        sync.commit(RunSummary(read=1, next_due=next_due))


def test_a_feed_has_been_seen_until_a_row_comes_due_or_the_table_goes(place):
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert not place.store.ledger.seen(place.dataset, "one", now)
    finish(place, "one", next_due=now + timedelta(hours=1))
    assert place.store.ledger.seen(place.dataset, "one", now)
    assert not place.store.ledger.seen(place.dataset, "one", now + timedelta(hours=1))
    assert not place.store.ledger.seen(place.dataset, "two", now)
    place.store.ledger.skip(place.start("one"))
    place.store.ledger.fail(place.start("two"), "no")
    assert place.store.ledger.seen(place.dataset, "one", now)
    place.do("DROP TABLE {t}")
    assert not place.store.ledger.seen(place.dataset, "one", now)


def test_an_older_feed_that_comes_back_has_not_been_seen(place):
    now = datetime(2026, 11, 24, tzinfo=UTC)
    finish(place, "one")
    finish(place, "two")
    assert not place.store.ledger.seen(place.dataset, "one", now)


def test_migrating_again_does_nothing(store):
    assert store.migrate() == []


def test_an_unreachable_database_is_said_without_its_address(read_role):
    with pytest.raises(StoreError) as caught, Store("postgresql://secret:word@127.0.0.1:1/none", read_role) as store:
        store.ledger.runs()
    assert "secret" not in str(caught.value)
    assert "word" not in str(caught.value)
