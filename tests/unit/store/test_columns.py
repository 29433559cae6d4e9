import polars as pl
import pytest

from ckanext.cpdi.rows.identity.known import ID, repeated
from ckanext.cpdi.store.table.columns import made_anew, numbered, ordered

KEYS = [[7, -3, 9, 0], [2**63 - 1, -(2**63)]]


@pytest.fixture(params=["one chunk", "two chunks"])
def keys(request):
    """Keys as one batch gives them, and as several do."""
    found = pl.concat([pl.Series("_key", one, dtype=pl.Int64) for one in KEYS])
    return found.rechunk() if request.param == "one chunk" else found


def test_numbers_follow_the_order_of_the_keys_which_stay_as_they_are(keys):
    before = keys.to_list()
    numbers = numbered(keys, 101)
    assert numbers.dtype == ID
    assert [key for _, key in sorted(zip(numbers, before, strict=True))] == sorted(before)
    assert sorted(numbers) == [101, 102, 103, 104, 105, 106]
    assert keys.to_list() == before


def test_no_keys_have_no_numbers():
    assert numbered(pl.Series(dtype=pl.Int64), 1).to_list() == []


def test_places_are_in_the_order_of_the_keys(keys):
    assert keys.gather(ordered(keys)).to_list() == sorted(keys)


def test_what_is_repeated_is_found_and_nothing_moved(keys):
    twice = pl.concat([keys, keys[:2]])
    before = twice.to_list()
    assert sorted(repeated(twice)) == [-3, 7]
    assert repeated(keys).is_empty()
    assert twice.to_list() == before


def test_columns_are_made_anew_and_let_go():
    columns = [pl.Series("a", [1, 2, 3]), pl.Series("b", ["x", "y", "z"])]
    made = made_anew(columns, lambda one: one.filter(pl.Series([True, False, True])))
    assert made.to_dict(as_series=False) == {"a": [1, 3], "b": ["x", "z"]}
    assert not columns
