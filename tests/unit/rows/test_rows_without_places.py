"""A feed without any column for a place is a feed: it makes no places and all of its rows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rows_kit import EMPTY_STATE, SECRET, library, town

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.declare.departments.cells import Codes
from ckanext.cpdi.feeds import local, open_feed
from ckanext.cpdi.pipeline.places import points
from ckanext.cpdi.rows import Evidence, build_places, make_plan, process


def test_a_table_without_a_place_whose_first_column_is_a_number_comes_whole(tmp_path: Path):
    feed = tmp_path / "feed.csv"
    feed.write_text(
        "Incident_Number,Call_Datetime,Problem\n1,2026-01-08 10:00,Traffic Stop\n2,2026-01-08 10:05,Noise Complaint\n"
    )
    profile = town(tmp_path, Feed(codes={"problem": Codes(list="problems")}))
    reader = open_feed(local(feed), Feed())
    plan = make_plan(library().dataset("calls-for-service"), profile, SECRET, reader.headers)
    gazetteer = build_places(Evidence(points(reader, plan)), profile, SECRET)
    (batch,) = reader.batches(columns=plan.mapping.headers)
    outcome = process(batch.frame, plan, gazetteer, EMPTY_STATE, datetime(2026, 3, 1, tzinfo=UTC))
    assert outcome.published["incident_number"].to_list()[0] == "1"
    assert outcome.published.height == 2
