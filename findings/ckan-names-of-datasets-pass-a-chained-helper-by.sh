#!/usr/bin/env bash
# CKAN: chaining the helper that translates fields of the catalogue changes neither titles of datasets nor names of resources.
#
# h.get_translated gives title_translated and the like in the reader's language, so one chained helper seems to be enough for
# a portal that keeps its translations elsewhere. But dataset_display_name and resource_display_name call the function of
# their own module, and not the helper; and the list of search results takes package.title, by no helper at all, even of
# a dataset that has title_translated.
# What we do: chain all three, and give the list a template of our own.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "ckan[requirements]==2.12.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import re
import sys
from importlib.metadata import version
from pathlib import Path

import ckan
from ckan.lib import helpers
from ckan.plugins import core, interfaces, toolkit
from flask import Flask


class Translating(core.SingletonPlugin):
    core.implements(interfaces.ITemplateHelpers)

    def get_helpers(self):
        @toolkit.chained_helper
        def get_translated(next_, stored, field):
            return f"[{next_(stored, field)}]"

        return {"get_translated": get_translated}


core._PLUGINS_SERVICE["translating"] = Translating(name="translating")  # as `load` does
helpers.load_plugin_helpers()
h, stored = helpers.helper_functions, {"name": "calls", "title": "Calls", "id": "1"}
with Flask("page").test_request_context(environ_overrides={"CKAN_LANG": "en"}):
    said = {
        "get_translated, title": h["get_translated"](stored, "title"),
        "dataset_display_name": h["dataset_display_name"](stored),
        "resource_display_name": h["resource_display_name"]({"id": "1", "name": "Calls"}),
    }
listed = (Path(ckan.__file__).parent / "templates/snippets/package_item.html").read_text()
title = re.search(r"set title = (.*?) %}", listed)[1]
print(f"CKAN {version('ckan')}, get_translated chained to put brackets around what it gives:")
for name, text in said.items():
    print(f"  {name}: {text}")
print(f"  the list of search results has the title: {title}")
sys.exit(0 if [*said.values(), title] == ["[Calls]", "Calls", "Calls", "package.title or package.name"] else 1)
PY
