#!/usr/bin/env bash
# Frictionless reads a null of a Parquet column of numbers as NaN, and then finds it below the minimum.
#
# The file below is valid: the second number is null, and a constraint on values says nothing of a value that is not there
# (Table Schema; the same table as CSV with an empty cell is valid for the same tool). What we do: the columns of a Parquet
# file stand in its Data Package under a key of our own, not as a schema to be checked.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "frictionless[parquet]==5.21.0" pandas==3.1.1 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import frictionless
import pandas as pd

schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "x", "type": "number", "constraints": {"minimum": -90}}]}
pd.DataFrame({"n": [1, 2], "x": [1.5, None]}).to_parquet("t.parquet", index=False)
with open("t.csv", "w", encoding="utf-8") as file:
    file.write("n,x\n1,1.5\n2,\n")
said = {}
for name in ("t.csv", "t.parquet"):
    found = frictionless.validate(frictionless.Resource.from_descriptor({"name": "t", "path": name, "schema": schema}))
    said[name] = [error.message for task in found.tasks for error in task.errors]
    print(f"frictionless {frictionless.__version__}, {name}: {said[name] or 'valid'}")
sys.exit(0 if not said["t.csv"] and any('"nan"' in one for one in said["t.parquet"]) else 1)
PY
# Seen:
#   frictionless 5.21.0, t.csv: valid
#   frictionless 5.21.0, t.parquet: ['The cell "nan" in row at position "3" and field "x" at position "2" does not conform to a constraint: constraint "minimum" is "-90"']
