"""A store on the test database, and tables in it that go with the test."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Iterable, Mapping
from configparser import RawConfigParser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import psycopg
import pytest
from psycopg import sql
from store_rows import TABLE, ZONE, balanced, frame

from ckanext.cpdi.declare import Classes, Table
from ckanext.cpdi.store import Changes, Store, Window


@pytest.fixture(scope="session")
def settings(pytestconfig: pytest.Config) -> RawConfigParser:
    ini = RawConfigParser()
    ini.read(Path(pytestconfig.rootpath) / pytestconfig.getoption("--ckan-ini"))
    return ini


@pytest.fixture(scope="session")
def write_dsn(settings: RawConfigParser) -> str:
    return settings["app:main"]["ckan.datastore.write_url"]


@pytest.fixture(scope="session")
def read_dsn(settings: RawConfigParser) -> str:
    return settings["app:main"]["ckan.datastore.read_url"]


@pytest.fixture(scope="session")
def read_role(read_dsn: str) -> str:
    return str(urlsplit(read_dsn).username)


@pytest.fixture(scope="session")
def migrated(write_dsn: str, read_role: str) -> None:
    with Store(write_dsn, read_role) as store:
        store.migrate()


@pytest.fixture
def store(write_dsn: str, read_role: str, migrated: None) -> Generator[Store]:
    with Store(write_dsn, read_role) as opened:
        yield opened


@dataclass
class Place:
    """A dataset with its table, and a run's way into it in one call."""

    store: Store
    dsn: str
    table: Table = TABLE
    classes: Classes | None = None
    schema_version: str = "1.0"
    masks: str = ""
    dataset: str = field(default_factory=lambda: f"test-{uuid.uuid4()}")
    resource_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def start(self, fingerprint: str = "") -> int:
        return self.store.ledger.start(self.dataset, "feed", "sha", "rules", "profile", "code", fingerprint)

    def begin(self, run: int | None = None) -> Any:
        terms = {"classes": self.classes, "schema_version": self.schema_version, "masks": self.masks}
        return self.store.begin(self.dataset, self.resource_id, self.table, run or self.start(), ZONE, **terms)

    def load(self, *batches: Iterable[Mapping[str, Any]], held: pl.DataFrame | None = None, **terms: Any) -> Changes:
        """Run batches of rows into the table and commit; duplicates and held rows are accounted for."""
        frames = [frame(batch, self.table, first_line=1000 * place) for place, batch in enumerate(batches, start=1)]
        return self.load_frames(frames, held, **terms)

    def load_frames(
        self,
        frames: list[pl.DataFrame],
        held: pl.DataFrame | None = None,
        *,
        remove_missing: bool | Window = True,
        kept_back: pl.Series | None = None,
    ) -> Changes:
        with self.begin() as sync:
            for one in frames:
                sync.add(one)
            changes = sync.apply(held, remove_missing=remove_missing, kept_back=kept_back)
            sync.commit(balanced(changes))
        return changes

    @property
    def name(self) -> sql.Identifier:
        return sql.Identifier("public", self.resource_id)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the write role gets; {t} in the query is the table."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            return connection.execute(sql.SQL(query).format(t=self.name), values or None).fetchall()

    def do(self, query: str) -> None:
        """Have the write role do something; {t} in the query is the table."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql.SQL(query).format(t=self.name))

    def rows(self) -> list[tuple[Any, ...]]:
        """Every row with its id and hidden columns, ordered by its code."""
        listed = sql.SQL(", ").join(map(sql.Identifier, [one.name for one in self.table.fields]))
        query = sql.SQL("SELECT _id, {}, _full_text::text, _geom::text, _geom_3857::text FROM {} ORDER BY code")
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query.format(listed, self.name)).fetchall()

    def contents(self) -> list[tuple[Any, ...]]:
        """Every row without its id."""
        return [one[1:] for one in self.rows()]

    def ids(self) -> dict[str, int]:
        return dict(self.ask("SELECT code, _id FROM {t}"))

    def version(self) -> Any:
        found = self.ask("SELECT version, rows, run FROM public._cpdi_version WHERE dataset = %s", self.dataset)
        return found[0] if found else None

    def number(self) -> int:
        return self.ask("SELECT number FROM cpdi.dataset WHERE name = %s", self.dataset)[0][0]

    def years(self) -> dict[int, tuple[int, str]]:
        found = self.ask("SELECT year, rows, version FROM public._cpdi_year WHERE dataset = %s", self.dataset)
        return {year: (rows, version) for year, rows, version in found}

    def drop(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(self.name))
            found = connection.execute("SELECT number FROM cpdi.dataset WHERE name = %s", (self.dataset,)).fetchone()
            if found:
                for name in (f"state_{found[0]}", f"load_{found[0]}"):
                    connection.execute(sql.SQL("DROP TABLE IF EXISTS cpdi.{}").format(sql.Identifier(name)))
                connection.execute("DELETE FROM cpdi.year WHERE dataset = %s", found)
                connection.execute("DELETE FROM cpdi.change WHERE dataset = %s", found)
            connection.execute("DELETE FROM cpdi.dataset WHERE name = %s", (self.dataset,))
            connection.execute("DELETE FROM cpdi.run WHERE dataset = %s", (self.dataset,))
            connection.execute("DELETE FROM public._table_stats WHERE resource_id = %s", (self.resource_id,))


@pytest.fixture
def place(store: Store, write_dsn: str) -> Generator[Place]:
    made = Place(store, write_dsn)
    yield made
    made.drop()


@pytest.fixture
def places(store: Store, write_dsn: str) -> Generator[Any]:
    """Makes further datasets."""
    made: list[Place] = []

    def make(**more: Any) -> Place:
        made.append(Place(store, write_dsn, **more))
        return made[-1]

    yield make
    for one in made:
        one.drop()
