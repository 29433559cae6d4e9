"""A dataset as one department fills it: its own pattern of record numbers, its own words beside the declared ones."""

from __future__ import annotations

from msgspec import structs

from ckanext.cpdi.declare.departments.profile import Feed
from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.number import RECORD_NUMBER
from ckanext.cpdi.declare.tables.dataset import Dataset
from ckanext.cpdi.declare.tables.field import Field


def tailored(dataset: Dataset, feed: Feed) -> Dataset:
    """Return ``dataset`` with the constraints that its fields have in the department of ``feed``.

    A pattern of the profile takes the place of the declared one; a field whose values the profile translates may hold
    these beside the declared ones. Raises DeclarationError for a pattern of a column that is no text of the feed.
    """
    table = dataset.rows
    texts = {field.name for field in table.fields if field.headers and field.type == "string"}
    unknown = sorted(feed.patterns.keys() - texts)
    if unknown:
        raise DeclarationError(
            f"datasets.{dataset.name}.patterns",
            f"{', '.join(unknown)}: no text that the feed brings; there are {', '.join(sorted(texts))}",
        )
    fields = tuple(_tailored(field, feed, is_key=field.name == table.key) for field in table.fields)
    return structs.replace(
        dataset, table=structs.replace(table, fields=fields), caveats=(*dataset.caveats, *feed.caveats)
    )


def _tailored(field: Field, feed: Feed, *, is_key: bool) -> Field:
    """Return a field; only texts that come from the feed under their own name have the department's values."""
    field = structs.replace(field, title=feed.titles.get(field.name, field.title))
    if not field.headers or field.type != "string":
        return field
    limits = field.constraints
    pattern = feed.patterns.get(field.name) or limits.pattern or (RECORD_NUMBER if is_key else None)
    words = tuple(dict.fromkeys(filter(None, feed.values.get(field.name, {}).values())))
    if words and not is_key and field.name not in feed.patterns:
        # The profile lists every value that its translation can give, so no typed text is left to check.
        limits = structs.replace(limits, enum=tuple(dict.fromkeys((*(limits.enum or ()), *words))), pattern=None)
    else:
        limits = structs.replace(limits, pattern=pattern)
    return structs.replace(field, constraints=limits)
