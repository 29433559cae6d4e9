"""Ids are no clock: nothing that is published of a coarse row says when in its month, day or hour it was."""

import polars as pl
import pytest
from rows_kit import EMPTY_STATE, NOW, ROOT

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.rows import Evidence, build_places, make_plan, place_points, process
from ckanext.cpdi.sample import write_calls
from ckanext.cpdi.store.sync import diff
from ckanext.cpdi.store.sync.seen import Seen

LIBRARY = read_library(ROOT / "schemas")
SPANS = {"hour": "1h", "date": "1d", "month": "1mo"}
FEWEST = 5


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A sample at a real department's pace, published in one run: the rows with the ids that the store gives them, and
    the feed's own line, which follows time.
    """
    path = tmp_path_factory.mktemp("ids") / "calls.csv"
    profile = read_profile(ROOT / "profiles" / "charleston.yaml", LIBRARY.classes)
    write_calls(path, profile, 20_000, 1)
    feed = pl.read_csv(path, infer_schema=False).with_row_index("_line", offset=2)
    dataset = LIBRARY.dataset("calls-for-service")
    plan = make_plan(dataset, profile, b"k" * 32, tuple(feed.columns[1:]))
    found = process(
        feed, plan, build_places(Evidence(place_points(feed, plan)), profile, plan.secret), EMPTY_STATE, NOW
    )
    seen = Seen(EMPTY_STATE, pl.col("call_datetime").dt.year())
    seen.add(found.published)
    nobody = pl.DataFrame(schema={"_key": pl.Int64, "_classes": pl.Int16, "due": pl.Date})
    ids = diff.decide(seen, nobody, 0).fresh.select("_key", "_id")
    return found.published.join(ids, on="_key").sort("_id")


def rank_correlation(frame, one, other):
    return frame.select(pl.corr(one, other, method="spearman")).item()


@pytest.mark.parametrize("precision", ["all", *SPANS])
def test_ids_do_not_follow_time_within_a_run(night, precision):
    rows = night if precision == "all" else night.filter(pl.col("time_precision") == precision)
    assert rows.height > 150
    assert abs(rank_correlation(rows, "_id", "_line")) < 4 / rows.height**0.5


@pytest.mark.parametrize("precision", [*SPANS])
def test_stand_ins_do_not_follow_time(night, precision):
    rows = night.filter(pl.col("time_precision") == precision).sort("_line")
    assert rows["incident_number"].str.starts_with("K").all()
    ranked = rows.with_columns(pl.col("incident_number").rank().alias("rank"))
    assert abs(rank_correlation(ranked, "rank", "_line")) < 4 / rows.height**0.5


def gaps(night):
    """The numbers that exact rows leave out, and between which times they lie."""
    number = pl.col("incident_number").str.extract(r"(\d+)$").cast(pl.Int64)
    exact = (
        night.filter(pl.col("time_precision") == "minute").select(number, time="call_datetime").sort("incident_number")
    )
    following = exact.with_columns(pl.all().shift(-1).name.suffix("_next")).drop_nulls()
    missing = (pl.col("incident_number_next") - pl.col("incident_number") - 1).alias("missing")
    return following.with_columns(missing).filter(pl.col("missing") > 0)


@pytest.mark.parametrize(("precision", "share"), [("month", 1), ("date", 1), ("hour", 0.985)])
def test_a_coarse_row_may_be_any_of_five_missing_numbers_or_more(night, precision, share):
    """Who counts the numbers that are missing between exact rows still has five or more to choose from.

    In the dead of night an hour may have fewer calls than that in all; no static rule can add some.
    """
    begin = pl.col("begin").dt.convert_time_zone("America/New_York")
    rows = night.filter(pl.col("time_precision") == precision).select(begin="call_datetime").with_columns(begin)
    spans = rows.unique().with_columns(end=pl.col("begin").dt.offset_by(SPANS[precision]))
    holes = gaps(night).with_columns(pl.col("time", "time_next").dt.convert_time_zone("America/New_York"))
    met = spans.join_where(holes, pl.col("time_next") >= pl.col("begin"), pl.col("time") < pl.col("end"))
    choice = rows.join(met.group_by("begin").agg(pl.col("missing").sum()), on="begin", how="left")["missing"]
    assert (choice.fill_null(0) >= FEWEST).mean() >= share
