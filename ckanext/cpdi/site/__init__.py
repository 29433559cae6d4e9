"""The portal's pages: home, Help Center, run status, dataset pages and the staff's forms.

In: declarations, the profile, the store's public views, the published files and CKAN's packages. Out: view models that
templates only print, so that every sentence and number of a page can be tested without a browser. To add pages, write
one file here that defines their ``Blueprint``.
"""

from __future__ import annotations

from flask import Blueprint

from ckanext.cpdi.registry import Registry

_VIEWS = Registry("views", Blueprint, __name__)


def views() -> Registry[Blueprint]:
    """Return the blueprints of the pages by their names."""
    return _VIEWS
