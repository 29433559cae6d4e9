"""Which dataset a file is of: the one that explains most of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.layout.headers import Match, match
from ckanext.cpdi.drafting.layout.substitutes import with_substitutes

_CERTAIN, _NAMED, _CONTENTS = 2.0, 1.0, 0.25
"""What a column speaks for a dataset: by its usual name, by a name alike, and by its contents beside either."""
_REQUIRED, _LACKING = 1.0, 1.0
"""So much more counts a column that the dataset requires, and so much is lost where it is not there."""


@dataclass(frozen=True)
class Explained:
    """``columns`` of a feed that have a meaning in the dataset ``name``, weighed as ``score``."""

    name: str
    columns: int
    score: float


@dataclass(frozen=True)
class Choice:
    """The dataset that explains most of ``columns`` columns, and the ones that come next."""

    dataset: Dataset
    explained: Explained
    others: tuple[Explained, ...]
    columns: int

    @property
    def words(self) -> str:
        """The choice and its reason, for whoever has to confirm it."""
        text = f"The file is taken for {self.dataset.name}, which explains {self.explained.columns} of its"
        text += f" {self.columns} columns"
        next_best = f"; the next is {self.others[0].name} with {self.others[0].columns}" if self.others else ""
        return f"{text}{next_best}. Is it another? Then draft it anew with --dataset NAME."


def choose(datasets: Iterable[Dataset], columns: Mapping[str, Column]) -> Choice | None:
    """Return the dataset that explains most of a feed's columns; None where it can be none of them.

    Of datasets that explain as much the first of ``datasets`` counts. One whose time no column can be, or that has
    neither a number of the record nor a code in the feed by their names, is out.
    """
    rated: list[tuple[Explained, Dataset]] = []
    for dataset in datasets:
        explained = _explained(dataset, columns)
        if explained is not None and explained.score > 0:
            rated.append((explained, dataset))
    if not rated:
        return None
    (best, chosen), *rest = sorted(rated, key=lambda pair: -pair[0].score)
    return Choice(chosen, best, tuple(explained for explained, _ in rest), len(columns))


def _explained(dataset: Dataset, columns: Mapping[str, Column]) -> Explained | None:
    """Return how much of a feed the dataset explains; None where it cannot be of it."""
    table = dataset.rows
    named = match(table, columns)
    pairs = with_substitutes(table, columns, named).columns
    coded = {column.name for column in table.read if column.type in ("code", "codes")}
    if table.time not in pairs or not ({table.key, *coded} & named.columns.keys()):
        return None
    required = {column.name for column in table.read if column.required}
    score = sum(_weight(pair, required=name in required) for name, pair in pairs.items())
    return Explained(dataset.name, len(pairs), score - _LACKING * len(required - named.columns.keys()))


def _weight(pair: Match, *, required: bool) -> float:
    """Return what a pair speaks for its dataset; nothing where only the contents made it one."""
    if pair.by_contents:
        return 0.0
    name = _CERTAIN if pair.certain else _NAMED
    return name + (_CONTENTS if pair.speaks else 0.0) + (_REQUIRED if required else 0.0)
