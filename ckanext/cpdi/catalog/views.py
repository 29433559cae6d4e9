"""Views of tables that were saved as the plugin ``cpdi_map_view``, which is now one face of the explorer's."""

from __future__ import annotations

from ckan import model
from sqlalchemy import update

_WAS, _IS = "cpdi_map_view", "cpdi_explore_view"
_CONFIG = {"face": "map", "filter": ""}


def follow_the_explorer() -> list[str]:
    """Make views of the explorer of those that were maps; their addresses stay. Return what was made, in words."""
    table = model.ResourceView
    changed = update(table).where(table.view_type == _WAS).values(view_type=_IS, config=_CONFIG)
    views = model.Session.scalars(changed.returning(table.id)).all()
    model.Session.commit()
    return [f"{len(views)} views of maps into those of the explorer"] if views else []
