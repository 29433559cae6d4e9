"""Which rows meet conditions: those that were kept, looked at or asked for give what a filter of all of them gives."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from ckanext.cpdi.query.tree import EVERYTHING, Comparison, In, Like, Not, Nothing, Or, Search, Term, all_of
from ckanext.cpdi.query.writers import frame_masks
from ckanext.cpdi.query.writers.frame import FrameWriter
from ckanext.cpdi.query.writers.frame_comparisons import UnwritableError
from ckanext.cpdi.query.writers.frame_masks import FrameMasks

TEAMS = ["Team 1", None, "Team 2", "Team 1", None, "Team 3", "Team 1", "Team 2", "Team 2", None]
PRIORITIES = ["1", "2", None, "3", "1", None, "2", "1", "3", None]
ONE, NOT_ONE = In(Term("team"), ("Team 1",)), Not(In(Term("team"), ("Team 1",)))
FIRST = Comparison(Term("priority"), "=", "1")
LIKE = Like(Term("team"), "team%")
WORDS = Search("king street")


@pytest.fixture
def writer(calls):
    return FrameWriter(calls, pl.DataFrame({"team": TEAMS, "priority": PRIORITIES}), "America/New_York")


@pytest.mark.parametrize(
    "condition",
    [ONE, NOT_ONE, Nothing(), all_of([ONE, FIRST]), all_of([NOT_ONE, FIRST, LIKE]), Or((ONE, FIRST))],
    ids=["one", "not one", "nothing", "two", "three", "or"],
)
def test_rows_are_those_of_a_filter_however_often_they_are_asked_for(writer, condition):
    wanted = writer.frame.with_row_index().filter(writer.where(condition))["index"].to_list()
    masks = FrameMasks(writer)
    for _ in range(2):
        met = masks.of(condition)
        assert met is not None
        assert met.dtype == np.bool_
        assert len(met) == len(TEAMS)
        assert np.flatnonzero(met).tolist() == wanted


def test_a_table_without_rows_has_masks_without_rows(writer):
    nothing = FrameWriter(writer.table, writer.frame.clear(), writer.zone)
    met = FrameMasks(nothing).of(all_of([ONE, FIRST]))
    assert met is not None
    assert met.tolist() == []


def test_everything_is_no_mask_and_neither_is_no_condition(writer):
    assert FrameMasks(writer).of(EVERYTHING) is None
    assert FrameMasks(writer).each(()).all_of(()) is None


def test_what_a_frame_cannot_tell_is_asked_for_once_and_then_kept_for_all(writer):
    masks, asked = FrameMasks(writer), []

    def ask(condition):
        asked.append(condition)
        return np.arange(len(TEAMS)) % 2 == 0

    with pytest.raises(UnwritableError):
        masks.of(all_of([ONE, WORDS]))
    wanted = [place for place, team in enumerate(TEAMS) if team == "Team 1" and place % 2 == 0]
    for _ in range(2):
        met = masks.each((ONE, WORDS), ask).all_of((ONE, WORDS))
        assert met is not None
        assert np.flatnonzero(met).tolist() == wanted
    assert asked == [WORDS]
    met = masks.of(all_of([ONE, WORDS]))
    assert met is not None
    assert np.flatnonzero(met).tolist() == wanted


def test_more_conditions_than_are_kept_are_all_met(writer, monkeypatch):
    monkeypatch.setattr(frame_masks, "MOST", 2)
    masks = FrameMasks(writer)
    conditions = [Comparison(Term("priority"), "<>", str(number)) for number in range(4, 9)]
    met = masks.each([*conditions, WORDS], lambda _: np.ones(len(TEAMS), np.bool_)).all_of([*conditions, WORDS])
    assert met is not None
    assert np.flatnonzero(met).tolist() == [place for place, text in enumerate(PRIORITIES) if text]


def test_a_condition_is_looked_at_once(writer, monkeypatch):
    masks, looked = FrameMasks(writer), list[object]()
    where = FrameWriter.where
    monkeypatch.setattr(
        FrameWriter, "where", lambda self, condition: (looked.append(condition), where(self, condition))[1]
    )
    masks.of(ONE)
    masks.of(all_of([ONE, FIRST]))
    masks.of(all_of([FIRST, ONE]))
    assert looked == [ONE, FIRST]
