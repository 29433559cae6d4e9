"""A key of several columns, or none: a keyed hash, a stand-in in public, and equal rows that are counted (R15)."""

from types import MappingProxyType

import polars as pl
import pytest
from rows_kit import EMPTY_STATE, NOW, SECRET, calls_feed, frame, places_of, plan_for, run, town

from ckanext.cpdi.declare.departments.cells import RecordKey
from ckanext.cpdi.feeds import local, open_feed
from ckanext.cpdi.rows import make_plan, process
from ckanext.cpdi.rows.errors import HeaderError
from ckanext.cpdi.rows.identity.composed import composed_key
from ckanext.cpdi.rows.masking.denied import record_keys

CALLS = "calls-for-service"
CELLS = {"Call_Datetime": "2026-01-08 10:00", "Call_Disposition": "LA_Arrest Made", "Problem": "Traffic Stop"}
FEED = {"key": RecordKey(columns=("Incident_Number", "Person"))}


def row(number, person, **cells):
    return {"Incident_Number": number, "Person": person, **CELLS, **cells}


def test_rows_of_one_incident_are_records_of_their_own(tmp_path):
    outcome = run(town(tmp_path, calls_feed(**FEED)), row("1", "A"), row("1", "B"), row("2", "A"))
    assert outcome.published["_key"].n_unique() == 3
    numbers = outcome.published["incident_number"]
    assert numbers.str.contains("^K[A-Z2-7]{16}$").all()
    assert numbers.n_unique() == 3
    assert outcome.published["data_flags"].fill_null("").str.contains("unknown_value").sum() == 0


def test_the_same_record_has_the_same_key_however_it_is_spelt(tmp_path):
    profile = town(tmp_path, calls_feed(**FEED))
    first, second = run(profile, row("1", "A")), run(profile, row(" 1", "A ", Call_Datetime="2026-01-08 11:00"))
    assert first.published["_key"].to_list() == second.published["_key"].to_list()


def test_no_two_records_share_a_key_where_cells_are_split_otherwise():
    columns = [pl.Series(["a", "ab", None, ""]), pl.Series(["bc", "c", "abc", None])]
    assert composed_key(columns, None).n_unique() == 4
    assert composed_key([pl.Series([None], dtype=pl.String)] * 2, None).to_list() == [None]


def test_a_row_without_any_part_is_quarantined(tmp_path):
    outcome = run(town(tmp_path, calls_feed(**FEED)), row("", ""), row("", "A"))
    assert outcome.rejects.select("outcome", "reason").rows() == [("quarantined", "key_missing")]
    assert outcome.published.height == 1


def test_a_feed_without_a_part_of_the_key_is_refused_by_name(tmp_path):
    with pytest.raises(HeaderError, match="no column Person, which the department's profile names for the key"):
        run(town(tmp_path, calls_feed(**FEED)), {"Incident_Number": "1", **CELLS})


def test_the_first_part_is_the_number_by_which_a_record_is_denied(tmp_path):
    profile = town(tmp_path, calls_feed(**FEED))
    batch = frame([row("26-1", "A"), row("26-1", "B"), row("26-2", "A")])
    denied = MappingProxyType({CALLS: record_keys(SECRET, CALLS, ["26-1"])})
    outcome = process(batch, plan_for(profile, batch), places_of(profile), EMPTY_STATE, NOW, denied)
    assert (outcome.denied, outcome.published.height, outcome.rejects.height) == (2, 1, 0)


def load(tmp_path, text, rows=100_000, **key):
    """Send a CSV through reader and engine, in batches of ``rows``."""
    path = tmp_path / "feed.csv"
    path.write_text(text, encoding="utf-8")
    feed = calls_feed(key=RecordKey(**key))
    profile = town(tmp_path, feed)
    reader = open_feed(local(path), feed)
    plan = make_plan(plan_for(town(tmp_path), frame([row("1", "A")])).dataset, profile, SECRET, reader.headers)
    batches = reader.batches(rows, columns=plan.mapping.headers)
    outcomes = [process(batch.frame, plan, places_of(profile), EMPTY_STATE, NOW) for batch in batches]
    return pl.concat([outcome.published.select("_line", "_key") for outcome in outcomes])


HEAD = "Call_Datetime,Problem,Call_Disposition,Note\n"
SAME = "2026-01-08 10:00,Traffic Stop,LA_Arrest Made,"
FIVE = HEAD + "".join(f"{SAME}{note}\n" for note in "vwxy") + "2026-01-08 11:00,Traffic Stop,LA_Arrest Made,z\n"


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_rows_that_are_alike_are_numbered_across_batches(tmp_path, rows):
    columns = ("Call Datetime", "problem")
    numbered = load(tmp_path, FIVE, rows, columns=columns, equal_rows="numbered")
    assert numbered["_key"].n_unique() == 5
    copies = load(tmp_path, FIVE, rows, columns=columns)
    assert copies["_key"].n_unique() == 2
    # Numbering changes nothing for a row that is the first of its kind.
    assert copies["_key"][0] == numbered["_key"][0]
    assert copies["_key"][4] == numbered["_key"][4]


def test_numbers_do_not_depend_on_the_columns_that_are_not_compared(tmp_path):
    columns = ("Call_Datetime", "Problem")
    swapped = FIVE.replace(",v\n", ",q\n")
    first, second = (load(tmp_path, text, columns=columns, equal_rows="numbered") for text in (FIVE, swapped))
    assert first["_key"].to_list() == second["_key"].to_list()
