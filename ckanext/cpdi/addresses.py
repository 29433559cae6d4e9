"""The portal's own addresses: the one place that knows its origin and the path below which it is served.

Everywhere else an address of ours is a path from the portal's root, such as ``/data/calls-for-service.csv``. Pages of
CKAN and ours have theirs from ``url_for``, which adds the reader's language; these here have none.
"""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk

_LANGUAGE = re.compile(r"/?\{\{LANG\}\}")


def root() -> str:
    """Return the path below which the portal is served, ``/portal`` for one; empty where that is the whole host."""
    return _LANGUAGE.sub("", tk.config.get("ckan.root_path") or "").rstrip("/")


def path(inner: str) -> str:
    """Return the path on the host of what lies at ``inner`` in the portal."""
    return root() + inner


def url(inner: str = "") -> str:
    """Return the full URL of what lies at ``inner`` in the portal; without it that of the portal, with no slash."""
    return tk.config["ckan.site_url"].rstrip("/") + path(inner)
