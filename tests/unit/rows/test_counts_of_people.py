"""Counts of people: what is withheld, and that nobody finds it out, with all that is public and this code in hand."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

import pytest

from ckanext.cpdi.rows.demographics import protect as protecting
from ckanext.cpdi.rows.demographics.audit import Cell, exposed, possible
from ckanext.cpdi.rows.demographics.protect import fewest, protect

NAMES = "abcdefgh"


def shown(counts: list[int], smallest: int = 5) -> str:
    """Return the cells as a page would show them: numbers, ``<`` and ``x``."""
    words = {"fewer": "<", "withheld": "x"}
    cells = protect(dict(zip(NAMES, counts, strict=False)), smallest)
    return " ".join(words.get(cell.mark, str(cell.count)) for cell in cells)


def partitions(categories: int, total: int) -> Iterator[tuple[int, ...]]:
    """Yield every way in which ``total`` people can fall into the categories."""
    if categories == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in partitions(categories - 1, total - first))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([120, 80, 5, 0], "120 80 5 0"),
        ([120, 80, 40, 3], "120 80 x <"),  # 243 less the rest would be 3
        ([120, 80, 3, 40], "120 80 < x"),
        ([120, 80, 3, 0], "120 x < x"),  # a zero is company, and not enough
        ([120, 2, 3, 40], "120 < < x"),
        ([120, 2, 3, 5], "x < < x"),  # ten people would leave 2 and 3 too few ways
        ([1, 2, 3, 11], "< < < x"),
        ([16, 0, 0, 0], "x x x x"),  # fewer people than can all be in small counts
        ([17, 0, 0, 0], "17 0 0 0"),
        ([4, 4, 4, 4], "x x x x"),
        ([0, 0, 0, 0], "x x x x"),
    ],
)
def test_what_is_withheld(counts, words):
    assert shown(counts) == words


@pytest.mark.parametrize(
    ("categories", "most", "smallest"), [(2, 60, 5), (3, 34, 5), (4, 22, 5), (5, 15, 3), (4, 20, 4)]
)
def test_who_knows_this_code_learns_nothing_of_a_small_count(categories, most, smallest):
    """Every table of so many people is protected; of those that look alike each withheld count is compared."""
    for total in range(most + 1):
        alike: dict[tuple[Cell, ...], list[tuple[int, ...]]] = defaultdict(list)
        for counts in partitions(categories, total):
            alike[protect(dict(zip(NAMES, counts, strict=False)), smallest)].append(counts)
        for cells, tables in alike.items():
            for at, cell in enumerate(cells):
                found = {counts[at] for counts in tables}
                if cell.mark == "fewer":
                    assert found == set(range(1, smallest)), (cells, found)
                elif cell.mark and any(other.mark == "fewer" for other in cells):
                    assert found == {0} or len(found) > 1, (cells, found)  # a zero is nobody
                elif cell.mark:
                    assert found == set(range(total + 1)), (cells, found)


def random_years(amount: int) -> Iterator[tuple[dict[str, int], int]]:
    rng = random.Random(731)
    for _ in range(amount):
        smallest, size = rng.choice((3, 5, 10)), rng.randint(2, 8)
        counts = [
            rng.choice((0, rng.randint(1, smallest), rng.randint(1, 30), rng.randint(10, 300))) for _ in range(size)
        ]
        yield dict(zip(NAMES, counts, strict=False)), smallest


def test_the_audit_finds_nothing_in_random_years():
    for counts, smallest in random_years(1_500):
        cells = protect(counts, smallest)
        total = sum(counts.values())
        assert exposed(cells, total, smallest) == [], (counts, smallest)
        # What is there is true: the audit has each count among those that it can be.
        for name, values in possible(cells, total, smallest).items():
            assert counts[name] in values
        for cell in cells:
            assert cell.count is None or cell.count == counts[cell.category]
            assert not (cell.count and cell.count < smallest)


def test_without_companions_the_audit_finds_the_small_counts(monkeypatch):
    counts = {"a": 120, "b": 80, "c": 40, "d": 3}
    alone = [Cell("a", 120), Cell("b", 80), Cell("c", 40), Cell("d", None, "fewer")]
    assert possible(alone, 243, 5) == {"d": {3}}
    assert exposed(alone, 243, 5) == ["d"]
    # And what the audit objects to is not published.
    monkeypatch.setattr(protecting, "companions", lambda *_: set())
    assert [cell.mark for cell in protect(counts, 5)] == ["withheld"] * 4


def test_without_companions_most_random_years_give_a_count_away(monkeypatch):
    """The secondary suppression is what protects: the same years without it do not pass the audit."""
    monkeypatch.setattr(protecting, "exposed", lambda *_: [])
    monkeypatch.setattr(protecting, "companions", lambda *_: set())
    years = [(protect(counts, smallest), sum(counts.values()), smallest) for counts, smallest in random_years(300)]
    small = [year for year in years if any(cell.mark == "fewer" for cell in year[0])]
    assert len(small) > 100
    assert sum(bool(exposed(*year)) for year in small) > len(small) / 2


def test_bounds_from_whole_numbers_are_narrower_than_from_any():
    """Linear bounds of two counts that add up to 7 are 1 to 4 and 3 to 6; but the companion is no small count."""
    cells = [Cell("a", None, "fewer"), Cell("b", None, "withheld")]
    assert possible(cells, 10, 5) == {"a": {1, 2, 3, 4}, "b": {6, 7, 8, 9}}
    assert possible(cells, 7, 5) == {"a": {1, 2}, "b": {5, 6}}
    assert possible(cells, 4, 5) == {"a": {4}, "b": {0}}


def test_another_table_of_the_same_people_adds_nothing():
    """Race and sex of a year share its total alone: what it allows of one goes with what it allows of the other."""
    total = 24
    races = protect({"a": 12, "b": 9, "c": 3}, 5)
    sexes = protect({"f": 22, "m": 2}, 5)
    alone = possible(races, total, 5)
    together: dict[str, set[int]] = defaultdict(set)
    for first in range(total + 1):
        for second in range(total - first + 1):
            race = dict(zip("abc", (first, second, total - first - second), strict=True))
            for women in range(total + 1):
                sex = {"f": women, "m": total - women}
                if protect(race, 5) == races and protect(sex, 5) == sexes and joined(race, sex):
                    for name, count in race.items():
                        together[name].add(count)
    assert {name: together[name] for name in alone} == alone


def joined(race: dict[str, int], sex: dict[str, int]) -> bool:
    """Return whether people can have both: fill one after the other, and look that the sums come out."""
    left = dict(sex)
    for people in race.values():
        rest = people
        for name in left:
            taken = min(rest, left[name])
            left[name] -= taken
            rest -= taken
        if rest:
            return False
    return not any(left.values())


def test_how_few_people_are_too_few():
    assert fewest(8, 5) == 33
    assert shown([4] * 8) == " ".join("x" * 8)
