"""The connections to the DataStore's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from ckanext.cpdi.store import Store


def read_dsn() -> str:
    """Return the DataStore's connection string for the read role."""
    return _dsn(tk.config["ckan.datastore.read_url"])


def write_dsn() -> str:
    """Return the DataStore's connection string for the role that owns it."""
    return _dsn(tk.config["ckan.datastore.write_url"])


def store() -> Store:
    """Return a store, which writes to the DataStore; close it, or use it in a ``with`` block."""
    from ckanext.cpdi.store import Store

    read_role = _url(tk.config["ckan.datastore.read_url"]).username
    return Store(write_dsn(), str(read_role))


def _url(value: str):  # noqa: ANN202  SQLAlchemy's own URL, which nothing here should import at start-up
    from sqlalchemy.engine import make_url

    return make_url(value)


def _dsn(value: str) -> str:
    """Return an SQLAlchemy URL in the form of libpq."""
    return _url(value).set(drivername="postgresql").render_as_string(hide_password=False)
