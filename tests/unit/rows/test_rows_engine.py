"""The whole way of a batch: every row accounted for, the order of rows without effect, keys that say nothing."""

import hmac
from base64 import b32encode
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows_kit import EMPTY_STATE, NOW, PROBLEMS, ROW, SECRET, frame, library, places_of, plan_for, run, stored

from ckanext.cpdi.rows import process
from ckanext.cpdi.rows.identity.fingerprint import fingerprints

CELLS = {
    "Incident_Number": ["1", "2", "3", "", "x" * 70],
    "Call_Datetime": ["2026-01-10T13:37:42", "infinity", "", "2025-11-02T01:30:00", "01/09/2026", "1900-01-01"],
    "Problem": [*PROBLEMS, "", "999_Nobody Knows", " Traffic Stop "],
    "Call_Disposition": [
        "LA_Arrest Made",
        "",
        "LTEST_Test",
        "LX_Cancelled,LDC_Duplicate Call",
        "?",
        "LA_Arrest Made,,",
    ],
    "Address": ["1234 Quillfen St", "", "A / B", "1\x002", "=1+1", "9 Nowhere Ln"],
    "LONGITUDE": ["-80.05", "80.05", "0", "", "NaN", "inf", "-122"],
    "LATITUDE": ["32.75", "-80.05", "0", "", "1e400"],
    "Time_CallClosed": ["2026-01-10T14:00:00", "", "never", "2026-03-15T11:59:59"],
}
ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), min_size=1, max_size=30
)


@given(rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_every_row_is_published_or_rejected_once(profile, rows):
    outcome = run(profile, *rows)
    lines = [*outcome.published["_line"], *outcome.rejects["line"]]
    assert sorted(lines) == list(range(2, len(rows) + 2))
    assert set(outcome.rejects["outcome"]) <= {"withheld", "quarantined"}
    quarantined = outcome.rejects.filter(pl.col("outcome") == "quarantined").height
    assert sum(outcome.classes.values()) == len(rows) - quarantined


@given(rows=ROWS, random=st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_does_not_matter(profile, rows, random):
    batch = frame(rows)
    turned = batch.sample(fraction=1, shuffle=True, seed=random.randrange(1000))
    plan, places = plan_for(profile, batch), places_of(profile)
    first, second = (process(one, plan, places, EMPTY_STATE, NOW) for one in (batch, turned))
    assert first.published.sort("_line").equals(second.published.sort("_line"))
    assert first.rejects.sort("line").equals(second.rejects.sort("line"))
    assert first.held.equals(second.held)
    assert first.next_due == second.next_due


def test_the_published_frame_has_the_declared_fields_in_order_and_type(profile):
    published = run(profile, ROW).published
    fields = library().dataset("calls-for-service").rows.fields
    assert published.columns == ["_key", "_classes", "_fingerprint", "_rank", "_line", *(one.name for one in fields)]
    inside = {"_key": pl.Int64, "_classes": pl.Int16, "_fingerprint": pl.Int64, "_rank": pl.Int64, "_line": pl.UInt32}
    assert {name: published.schema[name] for name in inside} == inside
    assert published.schema["call_datetime"] == pl.Datetime("us", "UTC")
    assert published.schema["counts_as_event"] == pl.Boolean
    assert published.schema["latitude"] == pl.Float64


@pytest.mark.parametrize("rows", [[], [{**ROW, "Problem": "Juvenile Record"}]])
def test_a_batch_with_nothing_to_publish_has_the_same_frames(profile, rows):
    batch = frame([ROW, *rows]).slice(1)
    outcome = process(batch, plan_for(profile, batch), places_of(profile), EMPTY_STATE, NOW)
    assert outcome.published.height == 0
    assert outcome.published.schema == run(profile, ROW).published.schema
    assert outcome.rejects.schema == run(profile, ROW).rejects.schema
    assert outcome.held.schema == run(profile, ROW).held.schema


def test_the_key_is_the_hmac_of_dataset_and_number(profile):
    outcome = run(profile, {**ROW, "Problem": "Noise Complaint"})
    key, number = SECRET.hex().encode(), ROW["Incident_Number"].encode()
    digest = hmac.digest(key, b"calls-for-service\0" + number, "sha256")
    assert outcome.published["_key"][0] == int.from_bytes(digest[:8], "big", signed=True)
    # Class 3: residential, and open by its disposition.
    digest = hmac.digest(key, b"calls-for-service stand-in\x003\0" + number, "sha256")
    assert outcome.published["incident_number"][0] == "K" + b32encode(digest[:10]).decode()


def test_a_row_that_rose_has_another_stand_in(profile):
    noise = run(profile, {**ROW, "Problem": "Noise Complaint"})
    waiting = run(profile, {**ROW, "Problem": "Domestic Dispute"}, state=stored(noise))
    later = NOW + timedelta(days=40)
    back = run(profile, {**ROW, "Problem": "Domestic Dispute"}, state=stored(waiting), now=later)
    before, after = noise.published["incident_number"][0], back.published["incident_number"][0]
    assert before[0] == after[0] == "K"
    assert before != after


def test_a_stand_in_is_the_same_every_night_and_another_for_every_row(profile):
    rows = [{**ROW, "Incident_Number": f"26-{number:06}", "Problem": "Noise Complaint"} for number in range(500)]
    numbers = run(profile, *rows).published["incident_number"]
    assert numbers.is_unique().all()
    assert numbers.equals(run(profile, *rows).published["incident_number"])


def test_stand_ins_and_keys_are_no_clock(profile):
    start = datetime(2026, 1, 1)
    rows = [
        {
            **ROW,
            "Incident_Number": f"26-{number:06}",
            "Problem": "Noise Complaint",
            "Call_Datetime": (start + timedelta(minutes=number)).isoformat(),
            "Time_CallClosed": (start + timedelta(minutes=number + 20)).isoformat(),
        }
        for number in range(4000)
    ]
    published = run(profile, *rows).published.sort("_line")
    for column in ("_key", "incident_number"):
        order = published[column].rank().to_numpy()
        assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.06


def test_a_rank_is_the_change_else_the_closing_else_the_call(profile):
    ranks = [
        run(profile, {**ROW, **cells}).published["_rank"][0]
        for cells in ({}, {"Last_Modified": ""}, {"Last_Modified": "", "Time_CallClosed": ""})
    ]
    assert ranks == [1_768_114_800_000_000, 1_768_071_660_000_000, 1_768_070_262_000_000]


def test_a_fingerprint_changes_with_each_published_value_and_with_nothing_else(profile):
    base = run(profile, ROW).published
    hidden = run(profile, {**ROW, "Address": "1235 Quillfen St", "LONGITUDE": "-80.0502", "Officer": "7"}).published
    assert hidden["_fingerprint"].equals(base["_fingerprint"])
    for cells in ({"Priority": "3"}, {"Priority": ""}, {"Address": "", "LATITUDE": ""}, {"Call_Disposition": ""}):
        assert run(profile, {**ROW, **cells}).published["_fingerprint"][0] != base["_fingerprint"][0]


def test_fingerprints_are_fixed_for_good():
    # Another value here means that every row of every portal is written anew at the next upgrade.
    table = pl.DataFrame(
        {
            "text": ["a", None, ""],
            "number": [1.5, None, -80.05],
            "flag": [True, False, None],
            "at": pl.Series([0, None, 1]).cast(pl.Datetime("us", "UTC")),
        }
    )
    assert fingerprints(table).to_list() == [-6468554020001845822, 4947861869664775894, -1813833098358417298]
