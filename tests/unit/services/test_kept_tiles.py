"""Tiles that a process keeps: one request makes a tile, others wait for it; what was not asked for goes."""

from __future__ import annotations

import threading

import pytest

from ckanext.cpdi.selection.errors import BusyError
from ckanext.cpdi.services.tiles.kept import Kept, Made


def tile(size=10):
    return Made(b"x" * size, 1, 1)


def together(kept, make, number=6):
    """Ask for one tile from several threads at once; return what each got."""
    answers, waited = [], threading.Semaphore(0)

    def ask():
        try:
            answers.append(kept.get("tile", lambda: make(waited), waited.release))
        except Exception as error:
            answers.append(error)

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return answers


def test_one_of_many_makes_the_tile_when_all_others_have_given_back_what_they_held():
    made = []

    def make(waited):
        made.append(1)
        for _ in range(5):
            assert waited.acquire(timeout=5)
        return tile()

    assert together(Kept(), make) == [tile()] * 6
    assert made == [1]


def test_who_waited_for_a_tile_that_failed_is_asked_to_come_again_and_the_next_makes_it():
    def make(waited):
        for _ in range(5):
            assert waited.acquire(timeout=5)
        raise ValueError("the client left")

    kept = Kept()
    assert sorted(type(error).__name__ for error in together(kept, make)) == ["BusyError"] * 5 + ["ValueError"]
    assert kept.get("tile", tile, lambda: None) == tile()


def test_those_not_asked_for_longest_go_first():
    kept = Kept(most=3_000)
    never = pytest.fail
    for name in ("a", "b"):
        kept.get(name, lambda: tile(800), lambda: None)
    kept.get("a", never, lambda: None)
    kept.get("c", lambda: tile(800), lambda: None)
    assert kept.get("a", never, lambda: None) == tile(800)
    made = []
    kept.get("b", lambda: made.append(1) or tile(800), lambda: None)
    assert made == [1]


def test_a_tile_larger_than_all_room_is_given_and_not_kept():
    kept = Kept(most=100)
    assert kept.get("a", lambda: tile(1_000), lambda: None) == tile(1_000)
    with pytest.raises(BusyError):
        kept.get("a", _busy, lambda: None)


def _busy():
    raise BusyError
