#!/usr/bin/env bash
# Polars and DuckDB read days as Americans write them with the day first, as long as no day of the file is past the twelfth.
#
# Twelve rows, 11/01/2026 to 11/12/2026, become the eleventh of January to December: Polars where it is told to try dates,
# DuckDB as it comes, with nothing said. The same feed some nights later, up to 11/30/2026, is right in DuckDB and a text in
# Polars. A later row past the twelfth, behind those from which the type was taken, ends the read in an error in both.
# What follows: publish days as ISO 8601 has them; whoever reads a feed of the other kind states the format.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "polars==2.1.0" "duckdb==2.0.1" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pathlib
import sys

import duckdb
import polars

FILES = {
    "twelve": [f"11/{day:02}/2026" for day in range(1, 13)],
    "month": [f"11/{day:02}/2026" for day in range(1, 31)],
    "late": ["11/01/2026"] * 240_000 + ["11/30/2026"],
}
for name, days in FILES.items():
    pathlib.Path(f"{name}.csv").write_text("\n".join(["day", *days, ""]))


def seen(read):
    try:
        days = read()
    except (polars.exceptions.ComputeError, duckdb.ConversionException) as error:
        return type(error).__name__
    return f"{days[0]!s} to {days[-1]!s}, {type(days[0]).__name__}"


got = {}
for name in FILES:
    got["polars", name] = seen(lambda: polars.read_csv(f"{name}.csv", try_parse_dates=True)["day"].to_list())
    got["duckdb", name] = seen(lambda: [day for (day,) in duckdb.sql(f"SELECT day FROM '{name}.csv'").fetchall()])
print(f"polars {polars.__version__}, duckdb {duckdb.__version__}")
for (library, name), days in got.items():
    print(f"{name}.csv, {library}: {days}")
sys.exit(
    got
    != {
        ("polars", "twelve"): "2026-01-11 to 2026-12-11, date",
        ("duckdb", "twelve"): "2026-01-11 to 2026-12-11, date",
        ("polars", "month"): "11/01/2026 to 11/30/2026, str",
        ("duckdb", "month"): "2026-11-01 to 2026-11-30, date",
        ("polars", "late"): "ComputeError",
        ("duckdb", "late"): "ConversionException",
    }
)
PY
# Seen:
#   polars 2.1.0, duckdb 2.0.1
#   twelve.csv, polars: 2026-01-11 to 2026-12-11, date
#   twelve.csv, duckdb: 2026-01-11 to 2026-12-11, date
#   month.csv, polars: 11/01/2026 to 11/30/2026, str
#   month.csv, duckdb: 2026-11-01 to 2026-11-30, date
#   late.csv, polars: ComputeError
#   late.csv, duckdb: ConversionException
