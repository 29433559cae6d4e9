"""The shape of a DataStore table, derived from the declaration: columns, generated geometry, indexes, dictionary.

In: :class:`ckanext.cpdi.declare.Table`. Out: SQL fragments; nothing here runs them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import LiteralString

from psycopg import sql

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.declare.tables.table import Point

TYPES = {
    "string": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp with time zone",
}
"""Declared type to the name that PostgreSQL gives the column's type."""

_MERCATOR = (
    "CASE WHEN {lon} BETWEEN -180 AND 180 AND {lat} BETWEEN -85.06 AND 85.06 THEN"
    " {postgis}.st_point({lon} * 111319.490793273572, ln(tan((90 + {lat}) * pi() / 360)) * 6378137, 3857) END"
)
_DEGREES = (
    "CASE WHEN {lon} BETWEEN -180 AND 180 AND {lat} BETWEEN -90 AND 90 THEN {postgis}.st_point({lon}, {lat}, 4326) END"
)


@dataclass(frozen=True)
class Index:
    """An index under CKAN's name for it; where it stands for a constraint, ``constrain`` makes that of it.

    ``weight`` is about how long building it takes, beside the others.
    """

    name: str
    create: sql.Composed
    constrain: sql.Composed | None = None
    weight: int = 1


@dataclass(frozen=True)
class Shape:
    """The table of ``resource_id`` as declared; ``postgis`` is the schema that PostGIS lies in."""

    resource_id: str
    table: Table
    postgis: str

    @property
    def name(self) -> sql.Identifier:
        """The table's qualified name."""
        return sql.Identifier("public", self.resource_id)

    @cached_property
    def columns(self) -> dict[str, sql.Composable]:
        """Every column by name with its definition, in the order of a new table.

        Text compares by its bytes, so that order does not depend on the machine and sorting is fast. Text that is new
        or changed is written with its words, else by CKAN's trigger.
        """
        fields = {field.name: _definition(field) for field in self.table.fields}
        return {
            "_id": sql.SQL("integer NOT NULL"),
            "_full_text": sql.SQL("tsvector"),
            **fields,
            **self._points,
        }

    def indexes(self, target: sql.Identifier) -> list[Index]:
        """Return every index of the table, which is called ``target`` for now."""
        return [
            self._constraint(target, "PRIMARY KEY", "_id", f"{self.resource_id}_pkey"),
            *(
                self._constraint(target, "UNIQUE", field.name)
                for field in self.table.fields
                if field.constraints.unique
            ),
            self._index(target, self._order),
            *(self._index(target, (field.name,)) for field in self._indexed),
            *(replace(self._index(target, (name,), "gist"), weight=2) for name in self._points if name == "_geom"),
            replace(self._index(target, ("_full_text",), "gin"), weight=3),
        ]

    @property
    def trigger(self) -> sql.Composed:
        """CKAN's own trigger, which is called only where a row comes without its words."""
        return sql.SQL(
            "CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON {} FOR EACH ROW WHEN (NEW._full_text IS NULL)"
            " EXECUTE FUNCTION public.populate_full_text_trigger()"
        ).format(self.name)

    @property
    def dictionary(self) -> dict[str, str]:
        """CKAN's comment on each declared column: title and description in English, and which declaration they are of.

        The blank in front is how CKAN 2.12 tells its comments from those of older versions.
        """
        return {field.name: " " + _compact(_entry(field)) for field in self.table.fields}

    @property
    def _order(self) -> tuple[str, str]:
        """The order of the files: published time, then published key."""
        keys = [field.name for field in self.table.fields if field.column == self.table.key]
        return self.table.time_field.name, keys[0] if keys else "_id"

    @cached_property
    def _points(self) -> dict[str, sql.Composable]:
        """The hidden columns that hold the row's point; none for a table without one."""
        if (point := self.table.point) is None:
            return {}
        return {"_geom": self._point(_DEGREES, 4326, point), "_geom_3857": self._point(_MERCATOR, 3857, point)}

    def _point(self, formula: str, srid: int, fields: Point) -> sql.Composed:
        """Return a hidden column that holds the row's point; a coordinate that is no place on earth gives none."""
        point = sql.SQL(formula).format(  # pyright: ignore[reportArgumentType]  one of the two formulas above
            lon=sql.Identifier(fields.longitude),
            lat=sql.Identifier(fields.latitude),
            postgis=sql.Identifier(self.postgis),
        )
        return sql.SQL("{}.geometry(Point, {}) GENERATED ALWAYS AS ({}) STORED").format(
            sql.Identifier(self.postgis), sql.Literal(srid), point
        )

    @property
    def _indexed(self) -> list[Field]:
        """The fields with an index of their own; that of the time serves the files' order as well."""
        return [field for field in self.table.fields if field.index and field != self.table.time_field]

    def _index(self, target: sql.Identifier, columns: tuple[str, ...], method: str = "btree") -> Index:
        """Return an index by CKAN's name for it, so that CKAN's functions take it for their own."""
        name = _index_name(self.resource_id, columns)
        create = sql.SQL("CREATE INDEX {} ON {} USING {} ({})").format(
            sql.Identifier(name), target, sql.Identifier(method), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        return Index(name, create)

    def _constraint(self, target: sql.Identifier, kind: LiteralString, column: str, name: str = "") -> Index:
        """Return the index of a constraint, which survives CKAN's functions where a unique index would not."""
        name = name or _index_name(self.resource_id, (column, "key"))
        create = sql.SQL("CREATE UNIQUE INDEX {} ON {} ({})").format(
            sql.Identifier(name), target, sql.Identifier(column)
        )
        constrain = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}").format(
            target, sql.Identifier(name), sql.SQL(kind), sql.Identifier(name)
        )
        return Index(name, create, constrain)


def _definition(field: Field) -> sql.Composable:
    kind = TYPES[field.type] + (' COLLATE "C"' if field.type == "string" else "")
    return sql.SQL(kind)  # pyright: ignore[reportArgumentType]  one of TYPES


def _entry(field: Field) -> dict[str, object]:
    """Return what CKAN keeps of a field; ``cpdi`` tells whether the declaration has changed since it was written."""
    info = {"label": field.title.en, "notes": field.description.en}
    return {"_info": info, "cpdi": hashlib.sha256(_compact(info).encode()).hexdigest()[:16]}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _index_name(resource_id: str, columns: tuple[str, ...]) -> str:
    """Return CKAN's name for an index of these columns."""
    listed = ", ".join(f'"{column}"' for column in columns)
    return hashlib.sha1((resource_id + listed).encode(), usedforsecurity=False).hexdigest()
