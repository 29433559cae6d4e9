"""Whatever feeds come in whatever order: the table is what a clean load makes of the last one, and ids stay."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_rows import row

CODES = [f"C-{n}" for n in range(8)]
texts = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
rows = st.builds(
    row,
    st.sampled_from(CODES),
    happened=st.integers(0, 3).map(lambda years: datetime(2021, 1, 1, 4, 59, tzinfo=UTC) + timedelta(days=366 * years)),
    kind=texts,
    detail=texts,
    units=st.none() | st.integers(-(2**63), 2**63 - 1),
    event=st.none() | st.booleans(),
    latitude=st.none() | st.floats(-90, 90),
    rank=st.integers(0, 2),
)
feeds = st.lists(rows, max_size=12)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(feeds, st.integers(0, 12)), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_any_sequence_of_feeds_ends_as_a_clean_load_of_the_last(places, nights, random):
    place, clean = places(), places()
    former, used = {}, set()
    for feed, cut in nights:
        changes = place.load(feed[:cut], feed[cut:])
        ids = place.ids()
        assert changes.published == len({each["code"] for each in feed}) == len(ids)
        assert changes.published + changes.duplicates.height == len(feed)
        for code, number in ids.items():
            assert number == former[code] if code in former else number not in used
        former, used = ids, used | set(ids.values())
    last = list(nights[-1][0])
    random.shuffle(last)
    clean.load(last)
    assert place.contents() == clean.contents()
    assert {year: count for year, (count, _) in place.years().items()} == {
        year: count for year, (count, _) in clean.years().items()
    }
    again = place.load(last)
    assert not again.any
    place.drop()
    clean.drop()
