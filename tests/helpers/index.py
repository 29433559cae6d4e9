"""The search index of the tests, past CKAN's reindexing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock

import ckan.plugins.toolkit as tk
from ckan.lib.search import index

Documents = list[dict[str, Any]]
"""What CKAN sends to Solr for its datasets."""


def sent(reindex: Callable[[], Any]) -> Documents:
    """Return the documents that CKAN sends to Solr while ``reindex`` runs."""
    found: Documents = []
    connect = index.make_connection

    def listen(*arguments: Any, **more: Any) -> Any:
        connection = connect(*arguments, **more)
        add = connection.add

        def heard(docs: Documents, **options: Any) -> Any:
            found.extend(docs)
            return add(docs, **options)

        connection.add = heard
        return connection

    with mock.patch.object(index, "make_connection", listen):
        reindex()
    return found


def put(documents: Documents) -> None:
    """Have the index hold ``documents`` of this portal and no others.

    A soft commit shows them; Solr writes them to disk with the next hard one, which comes by itself.
    """
    connection = index.make_connection()
    connection.delete(q=f'+site_id:"{tk.config["ckan.site_id"]}"', commit=False)
    connection.add(documents, softCommit=True)
