"""The portal's own addresses: only this module knows its origin and the path below which it is served.

Everywhere else an address of ours is a path from the portal's root, such as ``/data/calls-for-service.csv``. Addresses
of pages come from ``url_for``, which adds the reader's language; the addresses here have no language.
"""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk

_LANGUAGE = re.compile(r"/?\{\{LANG\}\}")


def root() -> str:
    """Return the path below which the portal is served, such as ``/portal``; empty where it has the whole host."""
    return _LANGUAGE.sub("", tk.config.get("ckan.root_path") or "").rstrip("/")


def path(inner: str) -> str:
    """Return the path on the host for ``inner``, a path from the portal's root."""
    return root() + inner


def url(inner: str = "") -> str:
    """Return the full URL of ``inner``, a path from the portal's root; without it the portal's, with no slash."""
    return tk.config["ckan.site_url"].rstrip("/") + path(inner)
