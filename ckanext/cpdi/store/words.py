"""The words of a row for full-text search, worked out once for each distinct text.

A row's vector is that of its searchable fields one after the other; a field's vector is ``english`` then ``simple``,
so that stems and prefixes both find it. Neighbouring fields are looked up together; unique ones row by row.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl
from psycopg import sql

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.store.session import Connection

_VECTOR = "to_tsvector('english', {0}) || to_tsvector('simple', {0})"


@dataclass
class Group:
    """Neighbouring searchable fields and the distinct texts that they had so far, numbered in ``_word_<place>``."""

    place: int
    fields: tuple[str, ...]
    texts: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def column(self) -> str:
        """The staged column that holds the text's number."""
        return f"_words_{self.place}"

    @property
    def table(self) -> sql.Identifier:
        """The temporary table of the texts and their vectors."""
        return sql.Identifier(f"cpdi_words_{self.place}")

    def number(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return ``rows`` with the number of each row's text; texts that are new are remembered."""
        found = rows.select(self.fields).unique(maintain_order=True)
        if self.texts.is_empty():
            fresh = found
            self.texts = found.clear().with_columns(pl.lit(0, pl.Int32).alias(self.column))
        else:
            fresh = found.join(self.texts, on=self.fields, how="anti", nulls_equal=True)
        numbers = pl.int_range(pl.len(), dtype=pl.Int32) + self.texts.height
        self.texts = pl.concat([self.texts, fresh.with_columns(numbers.alias(self.column))])
        return rows.join(self.texts, on=self.fields, how="left", nulls_equal=True, maintain_order="left")


class Words:
    """The searchable fields of a table."""

    def __init__(self, table: Table) -> None:
        """Group the fields that are searched: those of the place for themselves, since they combine with everything."""
        self._parts: list[Field | Group] = []
        run: list[Field] = []
        for one in [*(each for each in table.fields if each.search), None]:
            if run and (one is None or one.constraints.unique or (one.mask == "place") != (run[0].mask == "place")):
                self._parts.append(Group(len(self._parts), tuple(each.name for each in run)))
                run = []
            if one is not None and one.constraints.unique:
                self._parts.append(one)
            elif one is not None:
                run.append(one)

    @property
    def groups(self) -> list[Group]:
        """The groups of fields that are looked up."""
        return [part for part in self._parts if isinstance(part, Group)]

    def number(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return ``rows`` with a column of text numbers for each group."""
        for group in self.groups:
            rows = group.number(rows)
        return rows

    @property
    def columns(self) -> list[sql.Composable]:
        """Definitions of the staged columns: numbers of texts, and vectors that COPY works out as rows come in."""
        return [
            sql.SQL("{} integer").format(sql.Identifier(part.column))
            if isinstance(part, Group)
            else sql.SQL(f"{{0}} tsvector GENERATED ALWAYS AS (coalesce({_VECTOR.format('{1}')}, '')) STORED").format(
                sql.Identifier(_vector_of(part)), sql.Identifier(part.name)
            )
            for part in self._parts
        ]

    def write(self, connection: Connection) -> None:
        """Make the temporary table of each group, if there were rows: number of the text, and its vector."""
        for group in self.groups:
            if not group.texts.is_empty():
                _write_group(connection, group)

    @property
    def vector(self) -> sql.Composable:
        """The row's vector, in a query that has the staged rows as ``rows`` and the joins of :attr:`joins`."""
        parts = [
            sql.SQL("{}.vector").format(part.table)
            if isinstance(part, Group)
            else sql.Identifier("rows", _vector_of(part))
            for part in self._parts
        ]
        return sql.SQL(" || ").join(parts) if parts else sql.SQL("''::tsvector")

    @property
    def joins(self) -> sql.Composed:
        """The joins that :attr:`vector` needs."""
        return sql.SQL("").join(
            sql.SQL(" JOIN {table} ON {table}.number = rows.{column}").format(
                table=group.table, column=sql.Identifier(group.column)
            )
            for group in self.groups
        )


def _vector_of(field: Field) -> str:
    """Return the staged column with the vector of a field that is looked up row by row."""
    return f"_vector_{field.name}"


def _write_group(connection: Connection, group: Group) -> None:
    """Write the texts of a group, then their vectors; a field's text is parsed once, however many rows combine it."""
    texts = sql.Identifier(f"cpdi_texts_{group.place}")
    columns = [sql.Identifier(name) for name in group.fields]
    create = sql.SQL("CREATE TEMPORARY TABLE {} ({}, number integer NOT NULL)")
    connection.execute(create.format(texts, sql.SQL(", ").join(sql.SQL("{} text").format(one) for one in columns)))
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(texts)) as copy:
        copy.write(group.texts.select(*group.fields, group.column).write_csv(include_header=False))
    connection.execute(sql.SQL("ANALYZE {}").format(texts))
    vectors = [sql.Identifier(f"v{place}") for place in range(len(columns))]
    joins = [
        sql.SQL(
            f" LEFT JOIN (SELECT text, {_VECTOR.format('text')} AS vector FROM (SELECT DISTINCT {{0}} AS text"
            " FROM {1}) AS texts) AS {2} ON {2}.text = rows.{0}"
        ).format(column, texts, vector)
        for column, vector in zip(columns, vectors, strict=True)
    ]
    vector = sql.SQL(" || ").join(sql.SQL("coalesce({}.vector, '')").format(one) for one in vectors)
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} AS SELECT number, {} AS vector FROM {} AS rows{}").format(
            group.table, vector, texts, sql.Composed(joins)
        )
    )
    connection.execute(sql.SQL("ANALYZE {}").format(group.table))
