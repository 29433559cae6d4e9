"""Services for machines beside CKAN's own, one a module.

To add one, write one file here that defines its ``Blueprint``.
"""

from __future__ import annotations

from flask import Blueprint

from ckanext.cpdi.registry import Registry

_SERVICES = Registry("services", Blueprint, __name__)


def services() -> Registry[Blueprint]:
    """Return the blueprints of the services by their names."""
    return _SERVICES
