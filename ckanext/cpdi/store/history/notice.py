"""What the change log says of a run: fields that came or went, rules that changed, rows of past years that did.

In: the run's plan and form. Out: facts in ``cpdi.notice`` and ``cpdi.correction``, in the run's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from ckanext.cpdi.declare import Table
from ckanext.cpdi.store.database.session import Connection

Facts = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """The form that rows are published in: schema version, fields with their types, what stands for all that masks
    them, and the profile.
    """

    schema_version: str
    fields: dict[str, str]
    rules: str
    profile: str

    @classmethod
    def of(cls, connection: Connection, run: int, table: Table, schema_version: str, masks: str = "") -> Form:
        """Return the form of ``run``, which publishes ``table``; without ``masks`` the run's rules stand for them."""
        row = connection.execute("SELECT rules_version, profile_version FROM cpdi.run WHERE id = %s", (run,)).fetchone()
        rules, profile = row or ("", "")
        return cls(schema_version, {field.name: field.type for field in table.fields}, masks or rules, profile)

    def facts(self) -> Facts:
        """Return the form as it is kept."""
        return {
            "schema_version": self.schema_version,
            "fields": self.fields,
            "rules": self.rules,
            "profile": self.profile,
        }


def record(connection: Connection, number: int, form: Form, at: datetime, version: str, touched: float) -> None:
    """Write what differs from the form that the rows had before; ``touched`` is the share of them (of 1) that moved."""
    row = connection.execute("SELECT form FROM cpdi.dataset WHERE number = %s", (number,)).fetchone()
    before: Facts | None = row[0] if row else None
    for kind, facts in (("schema", _schema(before, form)), ("rules", _rules(before, form, touched))):
        if facts:
            _write(connection, number, kind, at, version, facts)
    connection.execute("UPDATE cpdi.dataset SET form = %s WHERE number = %s", (Jsonb(form.facts()), number))


def record_first(connection: Connection, number: int, form: Form, at: datetime, version: str, rows: int) -> None:
    """Write that the log begins with a table of ``rows``."""
    _write(connection, number, "first", at, version, {"rows": rows})
    connection.execute("UPDATE cpdi.dataset SET form = %s WHERE number = %s", (Jsonb(form.facts()), number))


def correct(connection: Connection, number: int, week: datetime, touched: Mapping[int, int], *, before: int) -> None:
    """Add the rows ``touched`` by year, of years ``before`` one, to those of the week that ends at ``week``."""
    for year, rows in touched.items():
        if year >= before:
            continue
        connection.execute(
            "INSERT INTO cpdi.correction AS old (dataset, year, at, rows) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (dataset, year, at) DO UPDATE SET rows = old.rows + excluded.rows",
            (number, year, week, rows),
        )


def _schema(before: Facts | None, form: Form) -> Facts | None:
    """Return which fields came, went or changed their type; None where the form of the rows is the same."""
    if before is None:
        return None
    old: dict[str, str] = before["fields"]
    facts: Facts = {
        "added": [name for name in form.fields if name not in old],
        "removed": [name for name in old if name not in form.fields],
        "retyped": [name for name, kind in form.fields.items() if old.get(name, kind) != kind],
    }
    if not any(facts.values()) and before["schema_version"] == form.schema_version:
        return None
    return {**facts, "schema_version": form.schema_version}


def _rules(before: Facts | None, form: Form, touched: float) -> Facts | None:
    """Return which profile holds now, and the rows that moved in the same run, in whole percent.

    Rules that changed under the same profile version and moved no row are no news.
    """
    if before is None or before["rules"] == form.rules:
        return None
    if before["profile"] == form.profile and not touched:
        return None
    return {"profile": form.profile, "percent": round(100 * touched), "any": touched > 0}


def _write(connection: Connection, number: int, kind: str, at: datetime, version: str, facts: Facts) -> None:
    connection.execute(
        "INSERT INTO cpdi.notice (dataset, at, kind, version, facts) VALUES (%s, %s, %s, %s, %s)",
        (number, at, kind, version, Jsonb(facts)),
    )
