"""CKAN inside a process of the benchmark."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app


def start(ini: str) -> AbstractContextManager[object]:
    """Start CKAN with the configuration ``ini``; return the context in which actions can be called."""
    app = make_app(CKANConfigLoader(ini).get_config())
    return app._wsgi_app.test_request_context()  # pyright: ignore[reportAttributeAccessIssue]  as CKAN's own commands do
