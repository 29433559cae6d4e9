#!/usr/bin/env bash
# CKAN: constructing the class of a plugin once more renames the one instance there is, and it loses its place.
#
# A SingletonPlugin gives its one instance to every call, but __init__ runs again, and sets `name` to that of the class
# where none is given. PluginImplementations orders by the names in `ckan.plugins`; a name that is not among them comes
# last. So the order of hooks turns around, without a word, where anything, such as a test, calls the class.
# What we do: never call a plugin's class; ask ckan.plugins.get_plugin for it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "ckan[requirements]==2.12.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version

from ckan.common import config
from ckan.plugins import core, interfaces


class First(core.SingletonPlugin, interfaces.IConfigurable):
    pass


class Second(core.SingletonPlugin, interfaces.IConfigurable):
    pass


def order() -> list[str]:
    return [type(plugin).__name__ for plugin in core.PluginImplementations(interfaces.IConfigurable)]


config["ckan.plugins"] = ["first", "second"]
core._PLUGINS_SERVICE.update(first=First(name="first"), second=Second(name="second"))  # as `load` does
before = order()
again = First()
after = order()
print(f"CKAN {version('ckan')}, ckan.plugins = first second: {', '.join(before)}")
print(f"First() once more is the same instance: {again is core.get_plugin('first')}, now called {again.name!r}: {', '.join(after)}")
sys.exit(0 if before == ["First", "Second"] and after == ["Second", "First"] else 1)
PY
