"""Files on the shelf of the tests' portal, put there without a table."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from ckanext.cpdi import config
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.install import install_package, install_snapshot, put_away
from ckanext.cpdi.publish.rows.columns import schema

NAME = "calls-for-service"
URL = f"/data/{NAME}"
RECIPE = "0123456789ab"


def publish(version: str, rows: int = 20) -> None:
    """Put files of a whole table and of 2024 on the shelf, as a build does."""
    dataset, folder = config.library().dataset(NAME), config.files_path()
    profile = config.profile()
    noon = datetime(2024, 5, 1, 16, 0, tzinfo=UTC)
    frame = pl.DataFrame(
        [{"incident_number": f"N{at:04}", "call_datetime": noon, "problem": "Señal"} for at in range(rows)],
        schema_overrides={"call_datetime": pl.Datetime("us", "UTC")},
    ).with_columns(pl.col("call_datetime").dt.convert_time_zone(profile.time_zone))
    columns = schema(dataset.rows, profile.time_zone)
    missing = [pl.lit(None, kind).alias(name) for name, kind in columns.items() if name not in frame.columns]
    frame = frame.with_columns(missing).select(list(columns))
    home = folder / NAME
    home.mkdir(exist_ok=True)
    wanted = set()
    for year in (None, 2024):
        extract = Extract(
            dataset, profile, config.site(), version, datetime.now(UTC), year, rows, lambda: iter([frame])
        )
        for extension, kind in formats().items():
            made, target = (
                home / f".made.{extension}",
                home / snapshot_store.file_name(year, version, RECIPE, kind),
            )
            kind.make(extract, made)
            install_snapshot(extract, kind, made, target)
            wanted.add(target)
    put_away(folder, NAME, wanted)
    install_package(folder, extract)


def get(app, path, status=200, **headers):
    """Ask for ``path``; headers with _ in place of -."""
    return app.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}, status=status)
