#!/usr/bin/env bash
# pygeoapi's PostgreSQL provider imports geoalchemy2, which the package does not declare.
#
# Installed from the package index, pygeoapi brings SQLAlchemy and no geoalchemy2: the provider's module cannot be
# imported. With geoalchemy2 beside it, it can. PYTHON names the interpreter; 0.24.0 wants Python 3.12.
# What follows for whoever measures against it: install geoalchemy2 as well.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$work/venv"
install() { "$work/venv/bin/pip" install -q "$@" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }; }
provider() { "$work/venv/bin/python" -W ignore -c 'import pygeoapi.provider.sql; print("imported")' 2>&1 | tail -1; }
if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then version=0.24.0; else version=0.21.0; fi
install "pygeoapi==$version"
"$work/venv/bin/python" -c 'from importlib.metadata import requires, version
declared = any("geoalchemy" in each.lower() for each in requires("pygeoapi"))
print("pygeoapi", version("pygeoapi"), "declares geoalchemy2:", declared)'
before=$(provider || true)
echo "alone: $before"
install "geoalchemy2==0.17.1"
after=$(provider || true)
echo "with geoalchemy2: $after"
[[ $before == *"No module named 'geoalchemy2'"* && $after == imported ]]
