"""Brings the store's schema to the present version: numbered SQL files, each run once, in one transaction."""

from __future__ import annotations

from importlib.resources import files

from psycopg import sql

from ckanext.cpdi.store.database.session import MIGRATING, Connection

VIEWS = (
    "_cpdi_version",
    "_cpdi_year",
    "_cpdi_run",
    "_cpdi_reason",
    "_cpdi_class",
    "_cpdi_completeness",
    "_cpdi_published",
    "_cpdi_change",
    "_cpdi_correction",
    "_cpdi_notice",
    "_cpdi_form",
    "_cpdi_approval",
    "_cpdi_place_truth",
    "_cpdi_report_series",
    "_cpdi_report",
    "_cpdi_report_page",
    "_cpdi_erratum",
    "_cpdi_demographic",
)


def migrate(connection: Connection, read_role: str) -> list[str]:
    """Apply the files that have not been applied, grant the views to ``read_role``; return the names of those files."""
    folder = files("ckanext.cpdi.store.database") / "migrations"
    scripts = {path.name: path for path in folder.iterdir() if path.name.endswith(".sql")}
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (MIGRATING,))
        connection.execute("CREATE SCHEMA IF NOT EXISTS cpdi")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS cpdi.migration"
            " (name text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"
        )
        applied = {row[0] for row in connection.execute("SELECT name FROM cpdi.migration")}
        missing = [name for name in sorted(scripts) if name not in applied]
        for name in missing:
            connection.execute(scripts[name].read_bytes())
            connection.execute("INSERT INTO cpdi.migration (name) VALUES (%s)", (name,))
        role = sql.Identifier(read_role)
        connection.execute(sql.SQL("REVOKE ALL ON SCHEMA cpdi FROM PUBLIC, {}").format(role))
        for view in VIEWS:
            connection.execute(sql.SQL("GRANT SELECT ON public.{} TO {}").format(sql.Identifier(view), role))
    return missing
