"""A small table with a field of every type, and published frames for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from ckanext.cpdi.declare import Constraints, Field, Table, Text
from ckanext.cpdi.store import Changes, RunSummary

ZONE = "America/New_York"
TYPES = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "datetime": pl.Datetime("us", "UTC"),
}


def field(name: str, kind: str, **more: Any) -> Field:
    more.setdefault("source", f"made.{name}")
    return Field(
        name=name,
        type=kind,
        title=Text(f"Title of {name}", f"Título de {name}"),
        description=Text(f"What {name} says: 50 % is 'half' of \"it\"."),
        shapefile=name[:10].upper(),
        **more,
    )


NUMBER = Constraints(unique=True, pattern=".*")


def table(*more: Field) -> Table:
    return Table(
        key="code",
        time="happened",
        fields=(
            field("code", "string", source="", headers=("Code",), search=True, constraints=NUMBER),
            field("happened", "datetime", source="", headers=("Happened",), index=True),
            field("kind", "string", search=True, index=True),
            field("detail", "string", search=True),
            field("units", "integer"),
            field("event", "boolean"),
            field("day", "date"),
            field("block", "string", search=True, mask="place"),
            field("latitude", "number", mask="place", source="place.latitude"),
            field("longitude", "number", mask="place", source="place.longitude"),
            *more,
        ),
    )


TABLE = table()


def row(code: str, **values: Any) -> dict[str, Any]:
    """A row's values; what is not given has a default. ``classes`` and ``rank`` are those of the run."""
    return {
        "code": code,
        "happened": datetime(2024, 5, 1, 12, tzinfo=UTC),
        "kind": "Barking dogs",
        "detail": "",
        "units": 1,
        "event": True,
        "day": date(2024, 5, 1),
        "block": "1200 block of King St",
        "latitude": 32.78,
        "longitude": -79.93,
        "classes": 1,
        "rank": 0,
        **values,
    }


def key(code: str) -> int:
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:8], "big", signed=True)


def frame(rows: Iterable[Mapping[str, Any]], declared: Table = TABLE, first_line: int = 2) -> pl.DataFrame:
    """Rows as the rows room publishes them."""
    rows = list(rows)
    schema = {one.name: TYPES[one.type] for one in declared.fields}
    values = pl.DataFrame([{name: each.get(name) for name in schema} for each in rows], schema=schema)
    prints = [key(repr([each.get(name) for name in schema])) for each in rows]
    return values.select(
        pl.Series("_key", [key(each["code"]) for each in rows], pl.Int64),
        pl.Series("_classes", [each["classes"] for each in rows], pl.Int16),
        pl.Series("_fingerprint", prints, pl.Int64),
        pl.Series("_rank", [each["rank"] for each in rows], pl.Int64),
        pl.Series("_line", range(first_line, first_line + len(rows)), pl.UInt32),
        *schema,
    )


def held(**due: date) -> pl.DataFrame:
    """Rows that leave because their classes rose: code to the day of return."""
    return pl.DataFrame(
        {
            "_key": pl.Series([key(code) for code in due], dtype=pl.Int64),
            "_classes": pl.Series([4] * len(due), dtype=pl.Int16),
            "due": pl.Series(list(due.values()), dtype=pl.Date),
        }
    )


def balanced(changes: Changes) -> RunSummary:
    """The summary of a run whose only rejects are its duplicates."""
    rejects = changes.duplicates.select(
        "line",
        pl.lit("quarantined").alias("outcome"),
        pl.lit("duplicate_key").alias("reason"),
        pl.lit("").alias("field"),
    )
    return RunSummary(read=changes.published + rejects.height, rejects=rejects)
