"""A scratch database with one table of calls, as the store shapes it, and the views that say which version it is in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ckanext.cpdi.declare import Text, read_library, read_profile
from ckanext.cpdi.publish import Licence, Site

ROOT = Path(__file__).parents[3]
DATABASE = "cpdi_publish_test"
RESOURCE = "5f0c7a52-0000-4000-8000-000000000001"
TYPES = {
    "string": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamptz",
}
VIEWS = """
CREATE SCHEMA cpdi;
CREATE TABLE cpdi.version (dataset text, resource_id text, version text, rows bigint, published_at timestamptz);
CREATE TABLE cpdi.year (dataset text, year smallint, rows bigint, version text);
CREATE VIEW public._cpdi_version AS SELECT * FROM cpdi.version;
CREATE VIEW public._cpdi_year AS SELECT * FROM cpdi.year;
GRANT SELECT ON public._cpdi_version, public._cpdi_year TO datastore_read;
"""


@pytest.fixture(scope="session")
def library():
    return read_library(ROOT / "schemas")


@pytest.fixture(scope="session")
def calls(library):
    return library.dataset("calls-for-service")


@pytest.fixture(scope="session")
def department(library):
    return read_profile(ROOT / "profiles" / "charleston.yaml", library.classes)


@pytest.fixture(scope="session")
def site():
    licence = Licence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
    return Site("https://data.example", "Open Data", licence, (Text("No commercial solicitation.", ""),))


@pytest.fixture(scope="session")
def server():
    from ckan.plugins import toolkit as tk

    params = psycopg.conninfo.conninfo_to_dict(tk.config["ckan.datastore.read_url"])
    return {"host": params["host"], "port": params["port"]}


@pytest.fixture(scope="session")
def database(server):
    with psycopg.connect(**server, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {DATABASE}")
        with psycopg.connect(**server, user="postgres", dbname=DATABASE, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA postgis; CREATE EXTENSION postgis SCHEMA postgis")
            connection.execute("GRANT USAGE ON SCHEMA postgis TO public")
            connection.execute(f"ALTER DATABASE {DATABASE} SET search_path = public, postgis")
            connection.execute(VIEWS)
        yield {**server, "dbname": DATABASE}
        admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@dataclass
class Scratch:
    """The table; ``commit`` puts its rows in place of what it held, in a new version, as a run of the store does."""

    database: dict
    dataset: object
    zone: str

    @property
    def read_dsn(self):
        return psycopg.conninfo.make_conninfo(**self.database, user="datastore_read")

    def connect(self):
        return psycopg.connect(**self.database, user="postgres")

    def create(self):
        fields = [(field.name, TYPES[field.type]) for field in self.dataset.rows.fields]
        with self.connect() as connection:
            connection.execute("DELETE FROM cpdi.version; DELETE FROM cpdi.year")
            connection.execute(f'DROP TABLE IF EXISTS public."{RESOURCE}"')
            columns = ", ".join(f'"{name}" {kind}' for name, kind in fields)
            connection.execute(
                f'CREATE TABLE public."{RESOURCE}" (_id serial PRIMARY KEY, _full_text tsvector, {columns},'
                " _geom geometry(Point, 4326) GENERATED ALWAYS AS"
                " (ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)) STORED)"
            )
            connection.execute(f'GRANT SELECT ON public."{RESOURCE}" TO datastore_read')

    def commit(self, rows, version, touched=None):
        """Put ``rows`` (dicts by field) in place; ``touched`` are the years that get this version: None for all."""
        with self.connect() as connection:
            connection.execute(f'DELETE FROM public."{RESOURCE}"')
            names = [field.name for field in self.dataset.rows.fields]
            query = sql.SQL("COPY public.{} ({}) FROM STDIN").format(
                sql.Identifier(RESOURCE), sql.SQL(", ").join(map(sql.Identifier, names))
            )
            with connection.cursor().copy(query) as copy:
                for row in rows:
                    copy.write_row([row.get(name) for name in names])
            old = dict(connection.execute("SELECT year, version FROM cpdi.year").fetchall())
            connection.execute("DELETE FROM cpdi.version; DELETE FROM cpdi.year")
            connection.execute(
                f'INSERT INTO cpdi.version SELECT %s, %s, %s, count(*), now() FROM public."{RESOURCE}"',
                (self.dataset.name, RESOURCE, version),
            )
            connection.execute(
                "INSERT INTO cpdi.year SELECT %s, extract(year FROM call_datetime AT TIME ZONE %s), count(*), %s"
                f' FROM public."{RESOURCE}" WHERE call_datetime IS NOT NULL GROUP BY 2',
                (self.dataset.name, self.zone, version),
            )
            for year, before in old.items():
                if touched is not None and year not in touched:
                    connection.execute("UPDATE cpdi.year SET version = %s WHERE year = %s", (before, year))


@pytest.fixture
def table(database, calls, department):
    scratch = Scratch(database, calls, department.time_zone)
    scratch.create()
    return scratch


def call(key, when, **more):
    """A row; ``when`` is ISO 8601 in UTC."""
    return {
        "incident_number": key,
        "call_datetime": datetime.fromisoformat(when).replace(tzinfo=UTC),
        "time_precision": "minute",
        "location_precision": "block" if "latitude" in more else "none",
        **more,
    }


@pytest.fixture(scope="session")
def awkward():
    """Rows with what real feeds bring: the year's turn, a repeated hour, hostile texts, no place, coarse times."""
    return [
        call("A1", "2024-01-01 04:30", problem="still 2023 in Charleston", latitude=32.781234, longitude=-79.931234),
        call("A2", "2024-01-01 05:00", problem='=HYPERLINK("http://evil")', latitude=32.8, longitude=-79.95),
        call("A3", "2023-11-05 05:30", problem='"quoted", <b>bold</b>\nand broken', counts_as_event=True),
        call("A4", "2023-11-05 06:30", problem="the same hour again", counts_as_event=False, response_minutes=4.5),
        call("A5", "2024-03-01 05:00", call_category="Domestic", counts_as_event=True) | {"time_precision": "month"},
        call("A6", "2024-06-01 12:00", problem="Señal ñandú 🚓 " + "x" * 300, latitude=32.75, longitude=-80.0),
        call("A7", "2024-06-01 12:00", problem="", closed_datetime=datetime(2024, 6, 1, 12, 41, 7, tzinfo=UTC)),
    ]
