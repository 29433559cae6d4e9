"""DCAT of the public datasets, kept while nothing of them changes: hundreds of reports take two seconds to write.

What is kept is what somebody without an account gets. Who is signed in, and who searches, gets a document of their own.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict
from flask import has_request_context, request

from ckanext.cpdi.services.dcat.public import Kept, public

_MOST = 16
"""Documents that a process keeps; each has up to 2 MB."""
_SEARCHING = ("q", "fq", "modified_since", "profiles")
_kept: Kept[Any] = Kept(_MOST)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Return the catalogue as ckanext-dcat writes it."""
    tk.check_access("dcat_catalog_show", context, data_dict)
    if not _is_for_everybody() or any(data_dict.get(name) for name in _SEARCHING):
        return next_(context, data_dict)
    form = (request.path, str(data_dict.get("page") or 1), str(data_dict.get("format")))
    return _kept.get(public().mark, lambda: next_(context, data_dict), form)


@tk.chained_action
def dcat_dataset_show(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401
    """Return a dataset as ckanext-dcat writes it."""
    tk.check_access("dcat_dataset_show", context, data_dict)
    if not _is_for_everybody() or data_dict.get("profiles"):
        return next_(context, data_dict)
    shown = public()
    asked = data_dict.get("id")
    identifier = next((dataset.id for dataset in shown.datasets if asked in (dataset.id, dataset.name)), None)
    if identifier is None:
        return next_(context, data_dict)
    return _kept.get(shown.mark, lambda: next_(context, data_dict), (identifier, str(data_dict.get("format"))))


def _is_for_everybody() -> bool:
    """Return whether a request asks that nobody has signed."""
    return has_request_context() and tk.current_user.is_anonymous
