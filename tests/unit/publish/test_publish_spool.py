"""Rows that are kept as they were decoded."""

import polars as pl
import polars.testing
import pytest

from ckanext.cpdi.publish.rows.spool import Spool


def test_what_passed_once_is_given_again_as_it_was(part_of, tmp_path):
    part = part_of({"problem": "Señal"}, {"latitude": 32.5, "longitude": -79.5}, {}, batch=2)
    spool = Spool(tmp_path / "rows")
    passed = list(spool.fill(part.batches()))
    assert spool.is_full
    for _ in range(2):
        pl.testing.assert_frame_equal(pl.concat(spool.frames()), pl.concat(passed))
    assert [frame.height for frame in spool.frames()] == [2, 1]


def test_what_broke_off_is_not_full_and_begins_again(part_of, tmp_path):
    def broken():
        yield from part_of({}, {}, batch=1).batches()
        raise OSError("no more rows")

    spool = Spool(tmp_path / "rows")
    with pytest.raises(OSError, match="no more rows"):
        list(spool.fill(broken()))
    assert not spool.is_full
    list(spool.fill(part_of({}).batches()))
    assert sum(frame.height for frame in spool.frames()) == 1
