"""A full-text search for the number of a row, which an index finds at once.

Numbers are no words: each stands in one row, and a million of them would take as long to index as all words together.
"""

from __future__ import annotations

import re
from typing import Any

from ckan.types import Action, Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.protect import resources

_NUMBER = re.compile(r"(?=.*\d)[\w./-]{1,64}")
"""One word with a digit in it."""


def search(next_: Action, context: Context, data_dict: DataDict) -> dict[str, Any] | None:
    """Return the result of a ``datastore_search`` whose ``q`` is the number of a row that it finds; else None.

    Prefixes (``:*``) and searches by column are words, as before.
    """
    found = resources.part(data_dict.get("resource_id"))
    asked = data_dict.get("q")
    if found is None or not found.is_table or not isinstance(asked, str) or not _NUMBER.fullmatch(asked.strip()):
        return None
    filters = data_dict.get("filters") or {}
    for one in config.library().dataset(found.dataset).rows.fields:
        if one.search and one.constraints.unique and isinstance(filters, dict) and one.name not in filters:
            wanted = {key: value for key, value in data_dict.items() if key != "q"}
            result = next_(context, {**wanted, "filters": {**filters, one.name: asked.strip()}})
            if result.get("records") or result.get("total"):  # none of the records may be wanted
                return {**_without(result, "filters"), **({"filters": filters} if filters else {}), "q": asked}
    return None


def _without(result: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name != key}
