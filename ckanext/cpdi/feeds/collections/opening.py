"""From a location to the files that lie there."""

from __future__ import annotations

from collections.abc import Container, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from urllib3.util import Url

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.collections import drop_folder, packed
from ckanext.cpdi.feeds.collections.entry import Entry
from ckanext.cpdi.feeds.collections.links import link_entries
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.fetch import fetch, local
from ckanext.cpdi.feeds.files.spool import Spool, sweep
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.settings import FetchSettings
from ckanext.cpdi.feeds.network.web import Client
from ckanext.cpdi.feeds.protocol import origin_of, read_access
from ckanext.cpdi.feeds.protocols.http import WebAccess

_HEAD = 1024
_DOCUMENTS = (b"<", b"{", b"[")


@contextmanager
def open_collection(location: str | Path, settings: FetchSettings, most_bytes: int) -> Generator[Iterator[Entry]]:
    """Give the files at ``location``: a folder, a ZIP, a PDF, a page of links to PDFs, or a catalogue that lists them.

    A Path is one that the operator gave, a text an address of a harvest source; ``drop:reports/compstat*`` are the
    files of a folder in the drop folder whose names fit. A file has ``most_bytes`` at most. Raises FeedError where
    there is nothing of that kind; so does the fetching of each file by itself.
    """
    sweep(settings.spool_dir)
    each = replace(settings, max_bytes=min(most_bytes, settings.max_bytes))
    with ExitStack() as stack:
        folder = _folder(location, each)
        if folder is not None:
            yield drop_folder.folder_entries(*folder, each)
            return
        spool = local(location) if isinstance(location, Path) else fetch(location, settings)
        stack.enter_context(spool)
        with spool.path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(packed.MAGIC):
            yield packed.zip_entries(spool, each)
        elif _is_page(head, location):
            url = str(location)
            client = stack.enter_context(Client(each, _signer(url, settings)))
            yield link_entries(client, url, spool)
        else:
            yield iter([Entry(spool.name, lambda _, known: _single(spool, each, known))])


def _folder(location: str | Path, settings: FetchSettings) -> tuple[Path, str] | None:
    if isinstance(location, Path):
        return (location, "*") if location.is_dir() else None
    return drop_folder.folder_of(location, settings)


def _is_page(head: bytes, location: str | Path) -> bool:
    """Return whether the file is a page or a catalogue of a web server, whose links lead on."""
    from_web = isinstance(location, str) and location.lower().startswith(("http://", "https://"))
    return from_web and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_DOCUMENTS)


def _single(spool: Spool, settings: FetchSettings, known: Container[str]) -> Spool | str:
    """Return the one file at a location, which is not deleted before the collection is closed."""
    if spool.size > settings.max_bytes:
        raise FeedError(
            "too_large",
            Said(
                "The file has more than {max_bytes:,} bytes, the most that is accepted.", max_bytes=settings.max_bytes
            ),
        )
    if spool.version.sha256 in known:
        return spool.version.sha256
    return Spool(spool.path, Version(spool.name, spool.version.sha256, spool.size), spool.limit)


def _signer(location: str, settings: FetchSettings) -> _Signer:
    return _Signer(origin_of(location), read_access(settings, WebAccess, location))


class _Signer:
    """Gives the operator's credentials to the host that they are for, and to no host that a page links to."""

    def __init__(self, origin: str, access: WebAccess) -> None:
        self._origin, self._access = origin, access

    def __call__(self, target: Url) -> Mapping[str, str]:
        return self._access.sign(target) if origin_of(str(target)) == self._origin else {}
