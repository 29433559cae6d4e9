"""Files that a web page links to, or that a catalogue lists: a page of the city, DCAT-US, ArcGIS Hub, ArcGIS Online."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any, cast
from urllib.parse import unquote, urljoin, urlsplit

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.collections.entry import MOST, Entry
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.web import Client, parse
from ckanext.cpdi.feeds.protocols.http import download

_MOST_BYTES = 32 << 20
"""Bytes of a page or a catalogue at most."""
_MOST_PAGES = 100
_PDF_PATH = re.compile(r"\.pdf$|/DocumentCenter/View/\d+|/sharing/rest/content/items/[0-9a-f]{32}/data$", re.I)
"""Paths of PDFs: by their names, as CivicPlus has documents of a city, as ArcGIS Online has items."""
_ITEM = re.compile(r"[0-9a-f]{32}", re.I)
_ONLINE = "https://www.arcgis.com/sharing/rest/"

Document = dict[str, Any]


@dataclass(frozen=True)
class Link:
    """The full address of a file, and what it is called there; ``title`` may be empty."""

    url: str
    title: str = ""

    @property
    def name(self) -> str:
        """The file's name: that of its address where it is one, else the title."""
        stem = PurePosixPath(unquote(urlsplit(self.url).path)).name
        if stem.lower().endswith(".pdf") or not self.title:
            return stem or "file"
        return self.title if self.title.lower().endswith(".pdf") else f"{self.title}.pdf"


def link_entries(client: Client, url: str, spool: Spool) -> Iterator[Entry]:
    """Yield the PDFs that the page or catalogue in ``spool`` names, in its order, each address once.

    Raises FeedError where there are none, or too many.
    """
    links = list({link.url: link for link in _links(client, url, spool)}.values())
    if not links:
        raise FeedError("empty", "No link to a PDF stands at this address.")
    if len(links) > MOST:
        raise FeedError("too_large", Said("This address lists more than {most:,} PDFs.", most=MOST))
    for link in links:
        yield Entry(link.name, partial(_fetch, client, link), link.url)


def _fetch(client: Client, link: Link, previous: Version | None, known: Container[str]) -> Spool | str:
    spool = client.attempt(lambda: download(client, link.url, previous))
    if spool.version.sha256 not in known:
        return spool
    spool.delete()
    return spool.version.sha256


def _links(client: Client, url: str, spool: Spool) -> Iterator[Link]:
    text = _text(spool)
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        yield from _page_links(url, text)
        return
    for _ in range(_MOST_PAGES):
        document = _document(text)
        yield from _listed(url, document)
        further = _next_page(url, document)
        if not further or further == url:
            return
        url = further
        with client.attempt(lambda at=further: download(client, at, None)) as page:
            text = _text(page)


def _text(spool: Spool) -> str:
    if spool.size > _MOST_BYTES:
        raise FeedError(
            "too_large", Said("The list of files has more than {most_bytes:,} bytes.", most_bytes=_MOST_BYTES)
        )
    return spool.path.read_text(encoding="utf-8", errors="replace")


def _page_links(url: str, text: str) -> Iterator[Link]:
    """Yield the links of a web page to PDFs."""
    reader = _PageReader()
    reader.feed(text)
    reader.close()
    base = _join(url, reader.base) or url
    for href, kind, title in reader.links:
        target = _join(base, href)
        if target and (_PDF_PATH.search(urlsplit(target).path) or kind == "application/pdf"):
            yield Link(target, " ".join(title.split())[:200])


class _PageReader(HTMLParser):
    """Collects the links of a page: address, media type, text; and its ``base``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base = ""
        self.links: list[tuple[str, str, str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, or the base of all."""
        values = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = values.get("href", "")
        elif tag == "a" and values.get("href"):
            self.links.append((values["href"].strip(), values.get("type", "").lower(), ""))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        """End a link's text."""
        self._open = self._open and tag != "a"

    def handle_data(self, data: str) -> None:
        """Note a link's text."""
        if self._open:
            href, kind, title = self.links[-1]
            self.links[-1] = (href, kind, title + data)


def _document(text: str) -> Document:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise FeedError("unreadable", "The list of files is no JSON that can be read.") from None
    return cast(Document, document) if isinstance(document, dict) else {}


def _listed(url: str, document: Document) -> Iterator[Link]:
    """Yield the PDFs of a catalogue of DCAT-US (``dataset``), Hub (``features``, ``data``) or ArcGIS (``results``)."""
    for dataset in _dicts(document.get("dataset")):
        for distribution in _dicts(dataset.get("distribution")):
            yield from _distributed(url, distribution, _string(dataset.get("title")))
    for feature in (*_dicts(document.get("features")), *_dicts(document.get("data"))):
        properties = feature.get("properties") or feature.get("attributes")
        yield from _item(url, {"id": feature.get("id"), **(properties if isinstance(properties, dict) else {})})
    for item in _dicts(document.get("results")):
        yield from _item(url, item)


def _distributed(url: str, distribution: Document, title: str) -> Iterator[Link]:
    """Yield a distribution of DCAT-US that is a PDF."""
    target = _join(url, _string(distribution.get("downloadURL")) or _string(distribution.get("accessURL")))
    media = f"{_string(distribution.get('mediaType'))} {_string(distribution.get('format'))}".lower()
    if target and ("pdf" in media or _PDF_PATH.search(urlsplit(target).path)):
        yield Link(target, title)


def _item(url: str, item: Document) -> Iterator[Link]:
    """Yield an item of ArcGIS that is a PDF: its own file, or the address that it stands for."""
    title = _string(item.get("name")) or _string(item.get("title"))
    target = _join(url, _string(item.get("url")))
    if target and _PDF_PATH.search(urlsplit(target).path):
        yield Link(target, title)
    elif _string(item.get("type")).lower() == "pdf" and _ITEM.fullmatch(_string(item.get("id"))):
        before, rest, _ = url.partition("/sharing/rest/")
        yield Link(f"{before + rest if rest else _ONLINE}content/items/{item['id']}/data", title)


def _next_page(url: str, document: Document) -> str:
    """Return the address of the next page of a catalogue; empty at its end."""
    for link in _dicts(document.get("links")):
        if link.get("rel") == "next":
            return _join(url, _string(link.get("href")))
    start = document.get("nextStart")
    if isinstance(start, int) and start > 0:
        plain = re.sub(r"([?&])start=\d*&?", r"\1", url).rstrip("?&")
        return f"{plain}{'&' if '?' in plain else '?'}start={start}"
    return ""


def _dicts(value: object) -> list[Document]:
    return [item for item in cast("list[object]", value) if isinstance(item, dict)] if isinstance(value, list) else []


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _join(base: str, link: str) -> str:
    """Return the full http(s) address of ``link``, without its fragment.

    Empty for anything else, for one that leaves TLS, and for one with a user or password.
    """
    if not link:
        return ""
    try:
        target = urljoin(base, link).partition("#")[0]
        parsed = parse(target)
    except (ValueError, FeedError):
        return ""
    leaves_tls = base.lower().startswith("https:") and parsed.scheme != "https"
    return "" if leaves_tls or parsed.auth else target
