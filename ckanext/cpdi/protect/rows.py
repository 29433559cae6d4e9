"""Guards around the DataStore's actions: only the store changes rows and columns of our tables."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict
from sqlalchemy.exc import DBAPIError

from ckanext.cpdi import config
from ckanext.cpdi.errors import Said
from ckanext.cpdi.protect import refusal, resources
from ckanext.cpdi.protect.searches import parameters, words
from ckanext.cpdi.services.spoken import spoken

_SHAPE_KEYS = ("primary_key", "indexes", "aliases", "triggers", "resource")
"""Parameters that replace everything of their kind, so that even an empty list does harm."""
_SQL_KEYS = frozenset({"query", "info", "data"})
"""Keys of an error under which the DataStore shows SQL, its parameters or the database's messages."""
_CLEAR_MESSAGES = ("Search took too long", "Query took too long")
_UNREADABLE = Said("The search cannot be read: look at q, filters, fields and sort.")


@tk.chained_action
def datastore_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Create or alter a table; in ours, change only titles and descriptions of columns.

    Raises NotAuthorized for rows, ValidationError for any other change of shape.
    """
    refused = why_create_refused(data_dict)
    if refused:
        raise refusal.denied(refused)
    return next_(context, data_dict)


@tk.chained_action
def datastore_upsert(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Write rows; raise NotAuthorized for our tables."""
    _refuse_rows(data_dict)
    return next_(context, data_dict)


@tk.chained_action
def datastore_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Delete rows or a table; raise NotAuthorized for ours."""
    _refuse_rows(data_dict)
    return next_(context, data_dict)


@tk.chained_action
def datastore_records_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401
    """Delete rows; raise NotAuthorized for our tables."""
    _refuse_rows(data_dict)
    return next_(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def datastore_search(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Search rows; an error says which parameters to check, and shows no SQL.

    Rows of our tables that are equal under a sort come in the order of their ids. Their physical order follows the
    feed, and would reveal the time of rows that show only a month. A search by words without a sort has the same order:
    few rows differ in rank, and ranking all hits takes longer than finding them. A search for a row's number uses its
    index. Raises ValidationError where a parameter has another type than is documented, where the search cannot be
    read, asks what full-text search cannot answer, or takes too long; the limit is shorter for anonymous users.
    """
    parameters.check(data_dict)
    if data_dict.get("id"):  # the DataStore's other name for it, which it uses where both are given
        data_dict["resource_id"] = data_dict.pop("id")
    if not context.get("user") and not context.get("ignore_auth"):
        context["query_timeout"] = config.limits().query_seconds * 1000  # type: ignore[typeddict-unknown-key]
    ordered = any(data_dict.get(key) for key in ("sort", "q", "full_text"))
    if ordered and not data_dict.get("distinct") and resources.is_table(data_dict.get("resource_id")):
        data_dict["sort"] = _with_id(data_dict.get("sort"))
    try:
        return words.search(next_, context, data_dict)
    except tk.ValidationError as error:
        raise tk.ValidationError(without_sql(error.error_dict)) from None
    except DBAPIError:
        raise tk.ValidationError(without_sql({"query": ["?"]})) from None


def _with_id(sort: str | list[str] | None) -> str | list[str]:
    """Return ``sort`` with the id as its last column."""
    if not sort:
        return "_id"
    return [*sort, "_id"] if isinstance(sort, list) else f"{sort}, _id"


def without_sql(errors: dict[str, Any]) -> dict[str, Any]:
    """Return ``errors`` without the database's messages; a time-out keeps its message."""
    revealing = {key: value for key, value in errors.items() if key in _SQL_KEYS}
    harmless = {key: value for key, value in errors.items() if key not in _SQL_KEYS}
    if not revealing:
        return harmless
    messages = [str(message) for value in revealing.values() if isinstance(value, list) for message in value]
    clear = [message for message in messages if message in _CLEAR_MESSAGES]
    return {**harmless, "query": clear or [spoken(_UNREADABLE)]}


@tk.chained_action
def datastore_function_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401, ARG001
    """Create no function; raise NotAuthorized for everybody."""
    raise refusal.denied(refusal.FUNCTIONS)


@tk.chained_action
def datastore_function_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401, ARG001
    """Delete no function; raise NotAuthorized for everybody."""
    raise refusal.denied(refusal.FUNCTIONS)


@tk.chained_action
def datastore_run_triggers(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Run the triggers of a table; raise NotAuthorized for ours."""
    _refuse_rows(data_dict)
    return next_(context, data_dict)


def why_create_refused(data_dict: DataDict) -> str:
    """Return why this ``datastore_create`` is refused; an empty string where it is allowed."""
    tables = resources.tables_in(data_dict)
    if not tables:
        return ""
    if data_dict.get("records"):
        return refusal.WRITE_ROWS
    dataset = config.library().get(tables[0].dataset)
    declared = {field.name for field in dataset.rows.fields} if dataset else set()
    fields = data_dict.get("fields") or []
    described = isinstance(fields, list) and all(_is_description(field, declared) for field in fields)
    shaped = data_dict.get("delete_fields") or any(data_dict.get(key) is not None for key in _SHAPE_KEYS)
    return refusal.SHAPE_TABLE if shaped or not described else ""


def _is_description(field: object, declared: set[str]) -> bool:
    """Return whether ``field`` describes a declared column, as the data dictionary's form sends it."""
    return isinstance(field, dict) and field.get("id") in declared


def _refuse_rows(data_dict: DataDict) -> None:
    if resources.tables_in(data_dict):
        raise refusal.denied(refusal.WRITE_ROWS)
