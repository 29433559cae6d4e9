"""Guards around harvest sources: what everybody can read of them holds no credentials, and "Clear" drops no dataset."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.cpdi.harvesters.source import OURS, SourceError, check_location
from ckanext.cpdi.protect.refusal import CLEAR_SOURCE, Refused


@tk.chained_action
def harvest_source_clear(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Clear a harvest source, unless it is one of ours; raise Refused for one that is."""
    from ckanext.cpdi.harvesters.stock import HarvestSource

    source = HarvestSource.get(data_dict.get("id"))
    if source is not None and source.type.startswith(OURS):
        tk.check_access("harvest_source_clear", context, data_dict)
        raise Refused(CLEAR_SOURCE)
    return next_(context, data_dict)


def refuse_location(data_dict: DataDict) -> None:
    """Raise ValidationError where a harvest source of ours has an address that is none, or gives away a credential."""
    if data_dict.get("type") == "harvest" and str(data_dict.get("source_type", "")).startswith(OURS):
        try:
            check_location(str(data_dict.get("url") or ""))
        except SourceError as error:
            raise tk.ValidationError({"url": [str(error)]}) from None
