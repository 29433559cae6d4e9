"""What the store knows of each dataset's table: its number and resource, its version, its years, the last id given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from ckanext.cpdi.declare import Field
from ckanext.cpdi.store.database.session import Connection


@dataclass(frozen=True)
class Entry:
    """A dataset as of its last run; ``resource_id`` and ``version`` are None before the first. ``masks``
    stands for all that masked its rows, ``home`` for the database that the run was in; both are empty before the first
    run. ``left`` are the rows that left since then, by year as a text, empty for those without a time.
    """

    number: int
    name: str
    resource_id: str | None
    version: str | None
    rows: int
    last_id: int
    masks: str
    home: str
    left: Mapping[str, int]


def number_of(connection: Connection, dataset: str) -> int:
    """Return the dataset's number, which it gets with its first run."""
    connection.execute("INSERT INTO cpdi.dataset (name) VALUES (%s) ON CONFLICT (name) DO NOTHING", (dataset,))
    row = connection.execute("SELECT number FROM cpdi.dataset WHERE name = %s", (dataset,)).fetchone()
    return int(row[0]) if row else 0


def entry(connection: Connection, number: int) -> Entry:
    """Return what is known of dataset ``number``; the caller has its lock."""
    query = (
        "SELECT number, name, resource_id, version, rows, last_id, coalesce(form ->> 'rules', ''), home,"
        " left_between"
        " FROM cpdi.dataset WHERE number = %s"
    )
    row = connection.execute(query, (number,)).fetchone()
    if row is None:
        raise LookupError(f"no dataset {number}")
    return Entry(*row)


def home(connection: Connection) -> str:
    """Return what stands for this very database: it is another one after a restore, or where a standby took over.

    A copy of all files of a server, put back by hand, cannot be told from the server.
    """
    row = connection.execute(
        "SELECT concat_ws('-', (SELECT system_identifier FROM pg_control_system()),"
        " (SELECT timeline_id FROM pg_control_checkpoint()), 'cpdi.dataset'::regclass::oid)"
    ).fetchone()
    return str(row[0]) if row else ""


def write(connection: Connection, number: int, values: Mapping[str, object]) -> None:
    """Set columns of the dataset's entry."""
    setting = sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(k), sql.Placeholder(k)) for k in values)
    query = sql.SQL("UPDATE cpdi.dataset SET {} WHERE number = %(number)s").format(setting)
    connection.execute(query, {"number": number, **values})


def year_of(field: Field, zone: str) -> sql.Composed:
    """Return the year of a time field of the table, by the calendar of ``zone``."""
    column = sql.Identifier(field.name)
    local = sql.SQL("{} AT TIME ZONE {}").format(column, sql.Literal(zone)) if field.type == "datetime" else column
    return sql.SQL("extract(year FROM {})::int").format(local)


def count_years(
    connection: Connection, table: sql.Identifier, field: Field, zone: str, ids: list[int] | None = None
) -> dict[int, int]:
    """Return the rows by year, of the whole table or of the rows ``ids``."""
    where = sql.SQL("TRUE") if ids is None else sql.SQL("_id = ANY({})").format(sql.Literal(ids))
    query = sql.SQL("SELECT {} AS year, count(*) FROM {} WHERE {} IS NOT NULL AND {} GROUP BY 1").format(
        year_of(field, zone), table, sql.Identifier(field.name), where
    )
    return {int(year): int(rows) for year, rows in connection.execute(query)}


def period(
    connection: Connection, table: sql.Identifier, field: Field, zone: str
) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last published time; days begin at midnight of ``zone``. None where there is no row."""
    column = sql.Identifier(field.name)
    query = sql.SQL("SELECT min({0}), max({0}) FROM {1}")
    if field.type == "date":
        query = sql.SQL("SELECT min({0}::timestamp) AT TIME ZONE {2}, max({0}::timestamp) AT TIME ZONE {2} FROM {1}")
    row = connection.execute(query.format(column, table, sql.Literal(zone))).fetchone()
    return (row[0], row[1]) if row else (None, None)


def clear_years(connection: Connection, number: int) -> None:
    """Forget the years of a dataset."""
    connection.execute("DELETE FROM cpdi.year WHERE dataset = %s", (number,))


def move_years(connection: Connection, number: int, version: str, moved: Mapping[int, int]) -> None:
    """Add to the rows of each year in ``moved`` and mark it as touched by ``version``; an empty year goes."""
    rows_of_years = connection.execute("SELECT year, rows FROM cpdi.year WHERE dataset = %s", (number,)).fetchall()
    present: dict[int, int] = dict(rows_of_years)
    for year, more in moved.items():
        rows = present.get(year, 0) + more
        if rows > 0:
            connection.execute(
                "INSERT INTO cpdi.year (dataset, year, rows, version) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (dataset, year) DO UPDATE SET rows = excluded.rows, version = excluded.version",
                (number, year, rows, version),
            )
        else:
            connection.execute("DELETE FROM cpdi.year WHERE dataset = %s AND year = %s", (number, year))


def write_total(connection: Connection, resource_id: str, rows: int) -> None:
    """Set the total that CKAN shows of a table, so that no reader has to count."""
    connection.execute(
        "INSERT INTO public._table_stats AS old (resource_id, stats)"
        " VALUES (%(id)s, jsonb_build_object('rows', %(rows)s::bigint)) ON CONFLICT (resource_id) DO UPDATE"
        " SET stats = jsonb_set(old.stats, ARRAY['rows'], to_jsonb(%(rows)s::bigint))",
        {"id": resource_id, "rows": rows},
    )
