"""``datastore_search_sql`` for our tables: a SELECT becomes a question, whose answer has CKAN's form.

CKAN's own action hands SQL on, and stays off (``ckan.datastore.sqlsearch.enabled``); analysts' tools that read CKAN
portals by this action alone are answered by ours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import psycopg
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.errors import Said
from ckanext.cpdi.logic import schema
from ckanext.cpdi.protect import resources
from ckanext.cpdi.query.columns import ROW_ID, Columns
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars.select import Select, parse_select, without_more_than
from ckanext.cpdi.query.grammars.sql.statement import read_select
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.selection.errors import BusyError, NoRowsError, TooSlowError
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.services.http.table import open_table
from ckanext.cpdi.services.spoken import spoken

TYPES = {
    "string": "text",
    "integer": "int8",
    "number": "float8",
    "boolean": "bool",
    "date": "date",
    "datetime": "timestamp",
}
"""Types of columns as the DataStore's documentation has them, by ours. Tools know no ``timestamptz``; values say their
zone."""
_NO_TABLE = Said("FROM names no table of this portal: call it by the id of its resource, in double quotes")

Row = tuple[Any, ...]


@tk.side_effect_free
@validate(schema.search_sql)
def datastore_search_sql(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Answer a SELECT on one table of the portal.

    Answered are columns, ``*``, UPPER, LOWER, TRIM, CHAR_LENGTH, EXTRACT and ``::date`` of columns; count, sum, avg,
    min, max, stddev and variance; WHERE, GROUP BY, HAVING, DISTINCT, ORDER BY, LIMIT and OFFSET. Subqueries, joins and
    anything else are refused. Times are UTC, and days and times without a zone are taken so; ``EXTRACT(HOUR FROM time
    AT TIME ZONE 'America/New_York')`` is of another zone's clock.

    :param sql: one SELECT statement; the table is called by the id of its resource, in double quotes
    :type sql: string
    :returns: ``sql``; ``fields``: names and types of the columns; ``records``; ``records_truncated``: true where there
        are more rows than ``ckan.datastore.search.rows_max``, and left out where there are not
    :rtype: dictionary
    :raises ObjectNotFound: where FROM names no table, or none that the user may read, or one not published yet
    :raises ValidationError: for a statement that is not answered, with words that say why
    """
    try:
        statement = read_select(data_dict["sql"])
        dataset = _readable(statement.table, context)
        select = parse_select(statement, Columns(dataset.rows, areas=config.areas()), UTC)
        most = int(tk.config["ckan.datastore.search.rows_max"])
        with open_table(dataset) as reader:
            rows = _rows(reader, without_more_than(select, most + 1))
    except QueryError as error:
        raise tk.ValidationError({error.parameter or "sql": [spoken(error.said)]}) from None
    except (BusyError, TooSlowError) as error:
        raise tk.ValidationError({"query": [spoken(error.said)]}) from None
    except NoRowsError as error:
        raise tk.ObjectNotFound(spoken(error.said)) from None
    except psycopg.Error:
        raise tk.ValidationError({"query": [spoken(Said("the database does not answer this question"))]}) from None
    return _answer(data_dict["sql"], select, rows, most)


def _readable(table: str, context: Context) -> Dataset:
    """Return the table with this id; raise ObjectNotFound where the user may not read it, as where there is none."""
    part = resources.part(table)
    dataset = config.library().get(part.dataset) if part is not None and part.is_table else None
    if part is None or dataset is None:
        tk.check_access("datastore_search_sql", Context(context, table_names=[]), {})  # type: ignore[typeddict-unknown-key]
        raise tk.ObjectNotFound(spoken(_NO_TABLE))
    try:
        tk.check_access("datastore_search_sql", Context(context, table_names=[part.id]), {})  # type: ignore[typeddict-unknown-key]
    except (tk.NotAuthorized, tk.ObjectNotFound):
        raise tk.ObjectNotFound(spoken(_NO_TABLE)) from None
    return dataset


def _rows(reader: Reader, select: Select) -> list[Row]:
    question = select.question
    if not isinstance(question, Selection):
        return reader.statistics(question)
    writer = reader.writer()
    return reader.rows(question, [writer.term(term) for term in select.terms])


def _answer(sql: str, select: Select, rows: list[Row], most: int) -> dict[str, Any]:
    """Return rows in CKAN's form: records by name, with the columns' types beside them."""
    outputs = [(output.name, output.place) for output in select.outputs]
    answer: dict[str, Any] = {
        "sql": sql,
        "fields": [
            {"id": output.name, "type": "int4" if output.name == ROW_ID else TYPES[output.type]}
            for output in select.outputs
        ],
        "records": [{name: _plain(row[place]) for name, place in outputs} for row in rows[:most]],
    }
    if len(rows) > most:
        answer["records_truncated"] = True
    return answer


def _plain(value: Any) -> Any:  # noqa: ANN401  a value of any column
    """Return a value as ``datastore_search`` has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value) if isinstance(value, date) else value
