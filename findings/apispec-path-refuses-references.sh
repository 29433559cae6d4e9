#!/usr/bin/env bash
# apispec refuses a parameter that is written as a $ref, which OpenAPI allows, and takes the name of a component.
#
# `APISpec.path(…)` with {"$ref": "#/components/parameters/limit"} among the parameters, of the path or of an operation,
# raises InvalidParameterError: it misses `name` and `in`. A document that is made elsewhere cannot be handed on as it is.
# What we do: put the paths into the document beside apispec, which makes the rest of it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "apispec==6.10.1" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from apispec import APISpec
from apispec.exceptions import InvalidParameterError

REFERENCE = {"$ref": "#/components/parameters/limit"}
ANSWER = {"responses": {"200": {"description": "rows"}}}


def added(**path) -> str:
    spec = APISpec("t", "1", "3.1.0")
    spec.components.parameter("limit", "query", {"schema": {"type": "integer"}})
    try:
        spec.path("/items", **path)
    except InvalidParameterError as error:
        return f"{type(error).__name__}: {error}"
    return "taken"


print(f"apispec {version('apispec')}")
seen = {
    "a reference, of the path": added(parameters=[REFERENCE], operations={"get": dict(ANSWER)}),
    "a reference, of an operation": added(operations={"get": {"parameters": [REFERENCE], **ANSWER}}),
    "the component's name": added(operations={"get": {"parameters": ["limit"], **ANSWER}}),
}
for what, result in seen.items():
    print(f"{what}: {result}")
refused = [result.startswith("InvalidParameterError") for result in seen.values()]
sys.exit(0 if refused == [True, True, False] else 1)
PY
