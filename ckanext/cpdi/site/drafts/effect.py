"""The effect of a drafted profile as a page shows it: counts in words, and rows as they would be published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ckanext.cpdi import config
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import reasons

if TYPE_CHECKING:
    from ckanext.cpdi.drafting.check import Effect, Reason


def of(effect: Effect, language: str) -> dict[str, Any]:
    """Return ``rows``, ``published``, ``withheld``, ``quarantined`` as texts; ``reasons`` (words, column, rows);
    ``classes`` (title, rows); ``sample`` (for each row, pairs of a field's title and its value).
    """
    table = config.library().dataset(effect.dataset).rows
    titles = {field.name: field.title.get(language) for field in table.fields}
    names = {kind.name: kind.title.get(language) for kind in config.library().classes.all}
    return {
        "rows": words.number(effect.rows, language),
        "published": words.number(effect.published, language),
        "withheld": words.number(sum(effect.withheld.values()), language),
        "quarantined": words.number(sum(effect.quarantined.values()), language),
        "reasons": _reasons({**effect.withheld, **effect.quarantined}, language),
        "classes": [(names[name], words.number(rows, language)) for name, rows in effect.classes.items()],
        "sample": [[(titles[name], value) for name, value in row.items()] for row in effect.sample],
    }


def _reasons(counts: Mapping[Reason, int], language: str) -> list[tuple[str, str, str]]:
    return [
        (reasons.text(reason, language), column, words.number(rows, language))
        for (reason, column), rows in counts.items()
    ]
