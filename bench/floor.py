"""The floor: what plain SQL takes for the same table, from rows that are read, checked and masked already.

``python -m bench.floor INI DATASET FOLDER first|next`` writes the published rows of DATASET into a file, and from there
into a table of its own, which stays for the next time. It prints one JSON object: seconds by step. ``first`` makes the
table; ``next`` brings one that is there up to the file.

One session, one transaction, no code of the portal but the declared columns and indexes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import LiteralString

from psycopg import sql

from bench.process import CommandError
from bench.site import start
from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.declare import Table
from ckanext.cpdi.store.database.session import Connection, connect
from ckanext.cpdi.store.table.build import postgis_schema
from ckanext.cpdi.store.table.shape import Shape

NAME = "bench-floor"
_CHUNK = 1 << 20
_SAMPLED = 50
"""One row of so many is compared with the portal's own."""
_FRESH = sql.Identifier("bench_fresh")
_MOVED = sql.Identifier("bench_moved")
_POINTS = ("_geom", "_geom_3857")


def main(ini: str, dataset: str, folder: str, which: str) -> None:
    """Write the file, measure, compare, and print the result."""
    with start(ini):
        table, path = config.library().dataset(dataset).rows, Path(folder) / "published.csv"
        with connect(config.write_dsn()) as connection:
            floor = Floor(connection, Shape(NAME, table, postgis_schema(connection)))
            floor.write(resource_id(dataset), path)
            with connection.transaction():
                {"first": floor.first, "next": floor.next}[which](path)
            floor.compare(resource_id(dataset))
    print(json.dumps(floor.seconds))


@dataclass
class Floor:
    """The table of ``shape``, on one connection; ``seconds`` are those of each step."""

    connection: Connection
    shape: Shape
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    def write(self, source: str, path: Path) -> None:
        """Write the rows of the portal's table ``source`` into a file; that is not part of the floor."""
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)")
        source_name = sql.Identifier("public", source)
        copying = self.connection.cursor().copy(query.format(_listed(self._names), source_name))
        with path.open("wb") as file, copying as rows:
            for part in rows:
                file.write(part)

    def first(self, path: Path) -> None:
        """Make the table: COPY, then the words and points as generated columns, then every index."""
        name, connection = self.shape.name, self.connection
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        self._step("copy", lambda: self._copy(path, name, "TABLE"))
        words = sql.SQL("tsvector GENERATED ALWAYS AS ({}) STORED").format(_words(self.shape.table))
        columns = {"_full_text": words, **{one: self.shape.columns[one] for one in _POINTS}}
        adding = [sql.SQL("ADD COLUMN {} {}").format(sql.Identifier(one), kind) for one, kind in columns.items()]
        alter = sql.SQL("ALTER TABLE {} {}").format(name, sql.SQL(", ").join(adding))
        self._step("geometry and full text", lambda: connection.execute(alter))
        self._step("indexes", self._index)
        self._step("analyze", lambda: connection.execute(sql.SQL("ANALYZE {}").format(name)))

    def next(self, path: Path) -> None:
        """Bring the table up to the file: COPY, one join, then what is new, differs or is missing."""
        self.connection.execute("SET LOCAL work_mem = '128MB'")
        self._step("copy", lambda: self._copy(path, _FRESH, "TEMPORARY TABLE"))
        self._step("join", self._join)
        self._step("upsert", self._upsert)

    def compare(self, source: str) -> None:
        """Raise CommandError where the table is not as the portal's: its rows; of a sample fields, words and points."""
        names = {"mine": self.shape.name, "theirs": sql.Identifier("public", source)}
        mine, theirs = (self._number(sql.SQL("SELECT count(*) FROM {}").format(one)) for one in names.values())
        differing = sql.SQL(
            "SELECT count(*) FROM {mine} AS mine LEFT JOIN {theirs} AS theirs USING (_id)"
            " WHERE _id % {sampled} = 0 AND ({left}) IS DISTINCT FROM ({right})"
        )
        content = {"left": self._content("mine"), "right": self._content("theirs")}
        others = self._number(differing.format(**names, **content, sampled=sql.Literal(_SAMPLED)))
        if mine != theirs or others:
            raise CommandError(f"the floor has {mine} rows, the portal {theirs}; {others} of a sample differ")

    def _number(self, query: sql.Composed) -> int:
        row = self.connection.execute(query).fetchone()
        return int(row[0]) if row else 0

    def _content(self, table: str) -> sql.Composed:
        columns = [sql.Identifier(table, one) for one in (*self._names, *_POINTS)]
        words = sql.SQL("tsvector_to_array({})").format(sql.Identifier(table, "_full_text"))
        return sql.SQL(", ").join([*columns, words])

    def _copy(self, path: Path, name: sql.Identifier, kind: LiteralString) -> None:
        """Make a table with the ids and the fields, and copy the file into it."""
        columns = [sql.SQL("{} {}").format(sql.Identifier(one), self.shape.columns[one]) for one in self._names]
        create = sql.SQL("CREATE {} {} ({})").format(sql.SQL(kind), name, sql.SQL(", ").join(columns))
        self.connection.execute(create)
        copying = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(name)
        with path.open("rb") as file, self.connection.cursor().copy(copying) as copy:
            while part := file.read(_CHUNK):
                copy.write(part)

    def _index(self) -> None:
        for index in self.shape.indexes(self.shape.name):
            self.connection.execute(index.create)
            if index.constrain is not None:
                self.connection.execute(index.constrain)

    def _join(self) -> None:
        """Find the rows that are new or differ, and those that are missing (no value, the id of the old row)."""
        fields, key = self._names[1:], self._key
        query = sql.SQL(
            "CREATE TEMPORARY TABLE {moved} AS SELECT old._id AS old, fresh.* FROM {fresh} AS fresh"
            " FULL JOIN {mine} AS old ON old.{key} = fresh.{key} WHERE ({old}) IS DISTINCT FROM ({new})"
        ).format(
            moved=_MOVED,
            fresh=_FRESH,
            mine=self.shape.name,
            key=sql.Identifier(key),
            old=_listed(fields, "old"),
            new=_listed(fields, "fresh"),
        )
        self.connection.execute(query)

    def _upsert(self) -> None:
        mine, names = self.shape.name, self._names
        setting = sql.SQL(", ").join(sql.SQL("{0} = moved.{0}").format(sql.Identifier(one)) for one in names)
        key = sql.Identifier(self._key)
        for query in (
            sql.SQL(
                "DELETE FROM {mine} AS mine USING {moved} AS moved WHERE mine._id = moved.old AND moved.{key} IS NULL"
            ),
            sql.SQL("UPDATE {mine} AS mine SET {setting} FROM {moved} AS moved WHERE mine._id = old"),
            sql.SQL("INSERT INTO {mine} ({names}) SELECT {names} FROM {moved} WHERE old IS NULL"),
        ):
            self.connection.execute(
                query.format(mine=mine, moved=_MOVED, key=key, setting=setting, names=_listed(names))
            )

    @property
    def _names(self) -> list[str]:
        """The id and the fields."""
        return ["_id", *(one.name for one in self.shape.table.fields)]

    @property
    def _key(self) -> str:
        return next(one.name for one in self.shape.table.fields if one.constraints.unique)

    def _step(self, name: str, work: Callable[[], object]) -> None:
        began = perf_counter()
        work()
        self.seconds[name] = perf_counter() - began


def _words(table: Table) -> sql.Composed:
    """Return a row's words as the portal has them (``store/table/groups.py``), of all its texts at once."""
    searched = [one for one in table.fields if one.search and not one.constraints.unique]
    parts = [sql.SQL("coalesce({}, '')").format(sql.Identifier(one.name)) for one in searched]
    text = sql.SQL(" || ' ' || ").join(parts)
    return sql.SQL("to_tsvector('english', {0}) || strip(to_tsvector('simple', {0}))").format(text)


def _listed(names: Iterable[str], table: str = "") -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(table, one) if table else sql.Identifier(one) for one in names)


if __name__ == "__main__":
    main(*sys.argv[1:])
