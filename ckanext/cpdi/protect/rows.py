"""Guards around the DataStore's actions: rows and shape of our tables are the store's alone."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict
from sqlalchemy.exc import DBAPIError

from ckanext.cpdi import config
from ckanext.cpdi.protect import refusal, resources, search

_SHAPE = ("primary_key", "indexes", "aliases", "triggers", "resource")
"""What replaces all that is there, so that even an empty list does harm."""
_SPOKEN = frozenset({"query", "info", "data"})
"""Keys of an error under which the DataStore shows SQL, its parameters or the database's words."""
_CLEAR = ("Search took too long", "Query took too long")


@tk.chained_action
def datastore_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Create or alter a table; of ours, only titles and descriptions of columns.

    Raises NotAuthorized for rows, ValidationError for any other change of shape.
    """
    words = refused_create(data_dict)
    if words:
        raise tk.NotAuthorized(words)
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
    """Search rows; an error says what to look at, and nothing of the SQL behind it.

    Rows of our tables that a sort leaves equal come in the order of their ids: where they lie follows the feed, and
    with it the time of rows that show a month. So do the rows of a search by words without a sort: hardly any differ in
    rank, and ranking all hits takes longer than finding them. A search for the number of a row finds it by its index.
    Raises ValidationError where the search cannot be read, asks what full-text search cannot answer, or takes too
    long, which is sooner for who is not signed in.
    """
    if data_dict.get("id"):  # the DataStore's other name for it, which counts where both are given
        data_dict["resource_id"] = data_dict.pop("id")
    if not context.get("user") and not context.get("ignore_auth"):
        context["query_timeout"] = config.limits().query_seconds * 1000  # type: ignore[typeddict-unknown-key]
    ordered = any(data_dict.get(key) for key in ("sort", "q", "full_text"))
    if ordered and not data_dict.get("distinct") and resources.is_table(data_dict.get("resource_id")):
        data_dict["sort"] = _settled(data_dict.get("sort"))
    try:
        return search.search(next_, context, data_dict)
    except tk.ValidationError as error:
        raise tk.ValidationError(plain(error.error_dict)) from None
    except DBAPIError:
        raise tk.ValidationError(plain({"query": ["?"]})) from None


def _settled(sort: str | list[str] | None) -> str | list[str]:
    """Return ``sort`` with the id as its last column."""
    if not sort:
        return "_id"
    return [*sort, "_id"] if isinstance(sort, list) else f"{sort}, _id"


def plain(errors: dict[str, Any]) -> dict[str, Any]:
    """Return ``errors`` without what the database said; a time-out keeps its words."""
    spoken = {key: value for key, value in errors.items() if key in _SPOKEN}
    left = {key: value for key, value in errors.items() if key not in _SPOKEN}
    if not spoken:
        return left
    words = [str(one) for value in spoken.values() if isinstance(value, list) for one in value]
    kept = [one for one in words if one in _CLEAR]
    return {**left, "query": kept or ["The search cannot be read: look at q, filters, fields and sort."]}


@tk.chained_action
def datastore_function_create(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401, ARG001
    """Create no function; raise NotAuthorized for everybody."""
    raise tk.NotAuthorized(refusal.FUNCTIONS)


@tk.chained_action
def datastore_function_delete(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401, ARG001
    """Delete no function; raise NotAuthorized for everybody."""
    raise tk.NotAuthorized(refusal.FUNCTIONS)


@tk.chained_action
def datastore_run_triggers(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Run the triggers of a table; raise NotAuthorized for ours."""
    _refuse_rows(data_dict)
    return next_(context, data_dict)


def refused_create(data_dict: DataDict) -> str:
    """Return why this ``datastore_create`` is refused; empty where it is not."""
    found = resources.tables_in(data_dict)
    if not found:
        return ""
    if data_dict.get("records"):
        return refusal.WRITE_ROWS
    declared = {one.name for one in config.library().dataset(found[0].dataset).rows.fields}
    fields = data_dict.get("fields") or []
    described = isinstance(fields, list) and all(_is_description(one, declared) for one in fields)
    shaped = data_dict.get("delete_fields") or any(data_dict.get(key) is not None for key in _SHAPE)
    return refusal.SHAPE_TABLE if shaped or not described else ""


def _is_description(field: object, declared: set[str]) -> bool:
    """Return whether this is what staff say of a declared column."""
    return isinstance(field, dict) and field.get("id") in declared


def _refuse_rows(data_dict: DataDict) -> None:
    if resources.tables_in(data_dict):
        raise tk.NotAuthorized(refusal.WRITE_ROWS)
