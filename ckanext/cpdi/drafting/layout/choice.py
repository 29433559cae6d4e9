"""Which dataset a file is of: the one that explains most of its columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.drafting.layout.evidence import Evidence
from ckanext.cpdi.drafting.layout.headers import Match, match
from ckanext.cpdi.drafting.layout.substitutes import with_substitutes
from ckanext.cpdi.drafting.phrases import phrase

_CERTAIN, _NAMED, _CONTENTS = 2.0, 1.0, 0.25
"""What a column speaks for a dataset: by its usual name, by a name alike, and by its contents beside either."""
_BY_CONTENTS, _FAMILIAR = 0.1, 0.3
"""What a column speaks for a dataset that no name made one of it, and the share of its rows with values like judged
ones from which codes tell a dataset whatever they are called.
"""
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
    def words(self) -> Text:
        """The choice and its reason, for whoever has to confirm it."""
        next_best = Text("")
        if self.others:
            name, columns = self.others[0].name, self.others[0].columns
            next_best = phrase(
                "; the next is {name} with {n}", "; el siguiente es {name} con {n}", name=name, n=columns
            )
        return phrase(
            "The file is taken for {name}, which explains {n} of its {all} columns{next}. Is it another? Then draft it"
            " anew with --dataset NAME.",
            "El archivo se toma por {name}, que explica {n} de sus {all} columnas{next}. ¿Es otro? Entonces haga el"
            " borrador de nuevo con --dataset NOMBRE.",
            name=self.dataset.name,
            n=self.explained.columns,
            all=self.columns,
            next=next_best,
        )


def choose(datasets: Iterable[Dataset], evidence: Evidence) -> Choice | None:
    """Return the dataset that explains most of a feed's columns; None where it can be none of them.

    Of datasets that explain as much the first of ``datasets`` counts. One whose time no column can be is out. So is one
    that has neither a number of the record nor a code in the feed by their names, unless all that it requires stands
    in the feed, among it codes some of which are like judged ones.
    """
    rated: list[tuple[Explained, Dataset]] = []
    for dataset in datasets:
        explained = _explained(dataset, evidence)
        if explained is not None:
            rated.append((explained, dataset))
    if not rated:
        return None
    (best, chosen), *rest = sorted(rated, key=lambda pair: -pair[0].score)
    return Choice(chosen, best, tuple(explained for explained, _ in rest), len(evidence.columns))


def _explained(dataset: Dataset, evidence: Evidence) -> Explained | None:
    """Return how much of a feed the dataset explains; None where it cannot be of it."""
    table = dataset.rows
    named = match(table, evidence.columns)
    matches = with_substitutes(table, evidence, named)
    pairs = matches.columns
    coded = {column.name for column in table.read if column.type in ("code", "codes")}
    required = {column.name for column in table.read if column.required}
    score = sum(_weight(pair, required=name in required) for name, pair in pairs.items())
    score -= _LACKING * len(required - named.columns.keys())
    familiar = [evidence.familiar(name, pairs[name].header) for name in coded & pairs.keys()]
    is_named = bool({table.key, *coded} & named.columns.keys()) and score > 0
    is_whole = required <= {*pairs, *matches.hints} and max(familiar, default=0.0) >= _FAMILIAR
    if table.time not in pairs or not (is_named or is_whole):
        return None
    return Explained(dataset.name, len(pairs), score + max(familiar, default=0.0))


def _weight(pair: Match, *, required: bool) -> float:
    """Return what a pair speaks for its dataset; little where only the contents made it one."""
    if pair.by_contents:
        return _BY_CONTENTS
    name = _CERTAIN if pair.certain else _NAMED
    return name + (_CONTENTS if pair.speaks else 0.0) + (_REQUIRED if required else 0.0)
