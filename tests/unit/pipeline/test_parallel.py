"""Batches on several threads: their order, what goes wrong with one, and how many are begun."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cpdi.pipeline.parallel import parallel_map, prefetch


@given(pauses=st.lists(st.sampled_from([0, 0.001, 0.003]), max_size=8), workers=st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_the_order_is_that_of_the_items_however_long_each_takes(pauses, workers):
    def work(item: tuple[int, float]) -> int:
        sleep(item[1])
        return item[0]

    assert list(parallel_map(work, enumerate(pauses), workers)) == list(range(len(pauses)))


def test_no_more_are_begun_than_there_are_workers():
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(10):
            taken.append(number)
            yield number

    results = parallel_map(lambda one: one, items(), workers=2)
    assert next(results) == 0
    assert len(taken) == 3  # one given, two at work
    results.close()
    assert len(taken) == 3


@pytest.mark.parametrize("of", ["work", "items"])
def test_what_goes_wrong_with_an_item_is_raised_in_its_place(of):
    def items() -> Iterator[int]:
        yield from range(5)
        if of == "items":
            raise ValueError("the feed broke")

    def work(item: int) -> int:
        if of == "work" and item == 4:
            raise ValueError("the feed broke")
        return item

    results = parallel_map(work, items())
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="the feed broke"):
        list(results)


def test_the_first_items_are_made_while_the_block_does_something_else():
    made = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        yield 2
        made.set()
        yield 3

    with prefetch(items(), first=3) as batches:
        assert made.wait(10)
        assert list(batches) == [1, 2, 3]


def test_no_more_items_are_made_than_two_before_they_are_wanted():
    taken: list[int] = []
    made = threading.Event()

    def items() -> Iterator[int]:
        for number in range(9):
            taken.append(number)
            if number == 4:
                made.set()
            yield number

    with prefetch(items(), first=3) as batches:
        assert [next(batches), next(batches), next(batches)] == [0, 1, 2]
        assert made.wait(10)  # while the caller works with the third
        assert taken == [0, 1, 2, 3, 4]
        assert list(batches) == [3, 4, 5, 6, 7, 8]


def test_a_feed_that_breaks_raises_in_place_of_the_row_that_is_broken():
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("the feed broke")

    with prefetch(items()) as batches:
        assert next(batches) == 1
        with pytest.raises(ValueError, match="the feed broke"):
            next(batches)


def test_nothing_is_made_any_more_once_the_block_has_ended():
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with prefetch(items(), first=2) as batches:
        next(batches)
    assert len(taken) <= 3
