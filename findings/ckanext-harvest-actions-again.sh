#!/usr/bin/env bash
# ckanext-harvest keeps the actions and the auth functions that it gathers in one dictionary, a default value.
#
# CKAN asks a plugin for its actions, and then for its auth functions. Where it gathers the actions once more in the same
# process, as after a reload of plugins, auth functions and their decorator are actions that the API offers; and every
# action that has no auth function of its name is taken for one from the first time on.
# What we do: protect/hooks.py empties the dictionary once both were gathered, before the first request.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "ckan[requirements]==2.12.0" "ckanext-harvest==1.6.3" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version

from ckanext.harvest.plugin import Harvest

plugin = object.__new__(Harvest)
first = set(plugin.get_actions())
auth = {name for name, function in plugin.get_auth_functions().items() if ".logic.action." in function.__module__}
more = sorted(set(plugin.get_actions()) - first)
print(f"ckanext-harvest {version('ckanext-harvest')}: {len(first)} actions; gathered again also {', '.join(more)}")
print(f"actions among the auth functions: {len(auth)}, one of them {min(auth)}")
sys.exit(0 if more and auth else 1)
PY
