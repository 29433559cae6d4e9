"""A table as a service reads it: who may, in which version, through the services' own connections."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.selection.reader import Reader, open_reader
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.leave import cancelled_with_client


def readable(name: str) -> tuple[Dataset, Readers]:
    """Return the table called ``name``, and who may read it; raise ObjectNotFound where this reader may not.

    A private or deleted dataset is as one that was never there.
    """
    dataset = config.library().get(name)
    allowed = readers(name) if dataset and dataset.table else Readers.NOBODY
    if dataset is None or allowed is Readers.NOBODY:
        raise tk.ObjectNotFound
    return dataset, allowed


@contextmanager
def open_table(dataset: Dataset) -> Generator[Reader]:
    """Open the table of ``dataset``, which the reader may read, within this site's limits.

    What the database does for it ends when the client leaves.
    """
    language = tk.config["ckan.datastore.default_fts_lang"]
    seconds = config.limits().query_seconds
    files = config.files_path()
    with (
        open_reader(config.read_dsn(), dataset, seconds=seconds, language=language, files=files) as reader,
        cancelled_with_client(reader.connection),
    ):
        yield reader
