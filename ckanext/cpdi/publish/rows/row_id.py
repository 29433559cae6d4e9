"""The id of a row as a field, for files that others keep up to date: ``_id`` in the DataStore API, OBJECTID in layers.

The files of a whole table do not have it: two loads of one feed give the same file, but not the same ids.
"""

from __future__ import annotations

import msgspec

from ckanext.cpdi.declare import Constraints, Dataset, Field, Text

ROW_ID = Field(
    name="row_id",
    type="integer",
    title=Text("Row id", "Id de la fila"),
    description=Text(
        "Number of the row. It stays while the row is published and is never used for another one.",
        "Número de la fila. Se mantiene mientras la fila se publica y nunca se usa para otra.",
    ),
    shapefile="ROW_ID",
    source="row.id",
    constraints=Constraints(required=True, unique=True),
)


def with_ids(dataset: Dataset) -> Dataset:
    """Return ``dataset`` with its rows' ids as their first field."""
    table = msgspec.structs.replace(dataset.rows, fields=(ROW_ID, *dataset.rows.fields))
    return msgspec.structs.replace(dataset, table=table)
