"""Fields that vary together: their distinct values travel once, with their words for full-text search.

What a code means, and all that a place shows, is the same in row after row. A row on its way into the table has a
number in place of such a group of fields; the group's own table has the values under that number. A million rows have
some thousand of them, so that texts are sent, parsed and turned into words (``english`` then ``simple``, so that stems
and prefixes both find them) some thousand times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as default

import polars as pl
from psycopg import sql

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.table.shape import TYPES

_WORDS = "to_tsvector('english', coalesce({0}, '')) || strip(to_tsvector('simple', coalesce({0}, '')))"


@dataclass
class Group:
    """``fields`` and the distinct values that they had so far, numbered in the column ``column``."""

    name: str
    fields: tuple[Field, ...]
    values: pl.DataFrame = default(default_factory=pl.DataFrame)

    @property
    def names(self) -> list[str]:
        """The names of the fields."""
        return [field.name for field in self.fields]

    @property
    def column(self) -> str:
        """The staged column that holds the number."""
        return f"_{self.name}"

    @property
    def table(self) -> sql.Identifier:
        """The temporary table of the values and their words."""
        return sql.Identifier(self.name)

    def number(self, rows: pl.DataFrame) -> pl.Series:
        """Return the number of each row's values; values that are new are remembered."""
        mine = rows.select(self.names)
        distinct = mine.unique()
        if self.values.is_empty():
            fresh = distinct
            self.values = distinct.clear().with_columns(pl.lit(0, pl.Int32).alias(self.column))
        else:
            fresh = distinct.join(self.values, on=self.names, how="anti", nulls_equal=True)
        numbers = pl.int_range(pl.len(), dtype=pl.Int32) + self.values.height
        self.values = pl.concat([self.values, fresh.with_columns(numbers.alias(self.column))])
        return mine.join(self.values, on=self.names, how="left", nulls_equal=True, maintain_order="left")[self.column]

    def write(self, connection: Connection) -> None:
        """Make the temporary table; nothing where there was no row."""
        if self.values.is_empty():
            return
        columns = sql.SQL(", ").join(map(column, self.fields))
        words = [sql.SQL(_WORDS).format(sql.Identifier(field.name)) for field in self.fields if field.search]
        create = sql.SQL(
            "CREATE TEMPORARY TABLE {} ({}, number integer NOT NULL, words tsvector GENERATED ALWAYS AS ({}) STORED)"
        )
        connection.execute(create.format(self.table, columns, sql.SQL(" || ").join(words)))
        listed = sql.SQL(", ").join(map(sql.Identifier, [*self.names, "number"]))
        with connection.cursor().copy(
            sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(self.table, listed)
        ) as copy:
            copy.write(self.values.select(*wire(self.fields), self.column).write_csv(include_header=False))
        connection.execute(sql.SQL("ANALYZE {}").format(self.table))


class Layout:
    """How the fields of a table travel: in groups, or row by row.

    A group are the fields that are made of one thing that is searched: of a code, of the place. Any other searched
    field is a group for itself. A unique one travels row by row and is no word: an index finds it, and a million words
    that stand in one row each would take as long as all the others together.
    """

    def __init__(self, table: Table) -> None:
        """Group the fields."""
        origins: dict[str, list[Field]] = {}
        for field in table.fields:
            origins.setdefault(_origin(field), []).append(field)
        searched = [fields for fields in origins.values() if any(field.search for field in fields)]
        together = [fields for fields in searched if not any(field.constraints.unique for field in fields)]
        self.groups = [Group(f"cpdi_group_{place}", tuple(fields)) for place, fields in enumerate(together)]
        self._group_of = {name: group for group in self.groups for name in group.names}
        self.alone = [field for field in table.fields if field.name not in self._group_of]

    def number(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return what :attr:`columns` take: the fields that travel row by row, and a number for each group."""
        return rows.select(*wire(self.alone), *(group.number(rows).alias(group.column) for group in self.groups))

    @property
    def columns(self) -> list[sql.Composable]:
        """Definitions of the staged columns: the fields that travel row by row, and numbers."""
        return [
            *map(column, self.alone),
            *(sql.SQL("{} integer").format(sql.Identifier(group.column)) for group in self.groups),
        ]

    def write(self, connection: Connection) -> None:
        """Make the temporary table of each group."""
        for group in self.groups:
            group.write(connection)

    def value(self, field: Field) -> sql.Composed:
        """Return a field in the table's type, in a query with the staged ``rows`` and the joins of :attr:`joins`."""
        group = self._group_of.get(field.name)
        place = sql.Identifier("rows" if group is None else group.name, field.name)
        form = "to_timestamp({} / 1000000.0::double precision)" if field.type == "datetime" else "{}"
        return sql.SQL(form).format(place)

    @property
    def words(self) -> sql.Composable:
        """The row's words, in the same query."""
        parts = [sql.SQL("{}.words").format(group.table) for group in self.groups]
        return sql.SQL(" || ").join(parts) if parts else sql.SQL("''::tsvector")

    @property
    def joins(self) -> sql.Composed:
        """The joins that :meth:`value` and :attr:`words` need."""
        return sql.SQL("").join(
            sql.SQL(" JOIN {table} ON {table}.number = rows.{column}").format(
                table=group.table, column=sql.Identifier(group.column)
            )
            for group in self.groups
        )


def column(field: Field) -> sql.Composed:
    """Return the definition of a field's column in a temporary table; instants travel as microseconds since 1970."""
    kind = "bigint" if field.type == "datetime" else TYPES[field.type]
    return sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(kind))  # pyright: ignore[reportArgumentType]


def wire(fields: Iterable[Field]) -> list[pl.Expr]:
    """Return the fields as they are written for such columns."""
    return [pl.col(field.name).cast(pl.Int64) if field.type == "datetime" else pl.col(field.name) for field in fields]


def _origin(field: Field) -> str:
    """Return what a field is made of: ``place`` for ``place.label``, itself for one that the feed has as it is."""
    return field.source.partition(".")[0] or field.name
