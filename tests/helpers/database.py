"""CKAN's database of the tests."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

_NEEDED = {"package": "id", "harvest_source": "next_run", "activity": "permission_labels"}
"""A column of each migration chain's last state."""


def is_whole() -> bool:
    """Whether the tables of CKAN and its extensions are there."""
    found = sa.inspect(model.meta.engine)
    return all(
        found.has_table(table) and column in {one["name"] for one in found.get_columns(table)}
        for table, column in _NEEDED.items()
    )


def empty() -> None:
    """Remove every row but the versions of the migrations."""
    model.Session.remove()
    names = [one for one in sa.inspect(model.meta.engine).get_table_names() if not one.endswith("alembic_version")]
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {', '.join(f'public.{chr(34)}{one}{chr(34)}' for one in names)} CASCADE"))
