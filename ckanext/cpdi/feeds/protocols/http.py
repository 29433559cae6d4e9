"""A file on a web server."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote

from msgspec import field
from urllib3.util import Url

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError, Unchanged
from ckanext.cpdi.feeds.files.inflate import GZIP_MAGIC
from ckanext.cpdi.feeds.files.spool import Spool, spooling
from ckanext.cpdi.feeds.files.version import Version, etag_of, settled_date
from ckanext.cpdi.feeds.network.settings import FetchSettings
from ckanext.cpdi.feeds.network.web import Answer, Client, address_of, parse, show
from ckanext.cpdi.feeds.protocol import Access, Protocol, read_access, refuse_user

_NEXT_PAGE = re.compile(r"""<[^>]*>[^<]*;\s*rel=(?:"[^"]*\bnext\b|next\b)""", re.IGNORECASE)
_FIRST_THOUSAND = re.compile(r"https?://[^?#]*/resource/\w{4}-\w{4}(?:\.\w+)?/?(?:\?|\Z)", re.IGNORECASE)
"""Tables of Socrata, whose plain address gives 1,000 rows and does not say that there are more."""
_SELF_DELIMITED = (GZIP_MAGIC, b"PK\x03\x04", b"{", b"[")
"""First bytes of formats whose end can be recognised: gzip, zip, JSON."""


class WebAccess(Access, frozen=True, forbid_unknown_fields=True):
    """Request headers, such as Authorization, or a user and password for basic authentication."""

    headers: dict[str, str] = field(default_factory=dict[str, str])
    user: str = ""
    password: str = ""

    def sign(self, target: Url) -> Mapping[str, str]:  # noqa: ARG002  that of S3 signs it
        """Return the headers that go with every request to the source's own host."""
        if not self.user:
            return self.headers
        pair = f"{self.user}:{self.password}".encode()
        return {**self.headers, "Authorization": "Basic " + base64.b64encode(pair).decode()}


class Web(Protocol):
    """A file at an http or https address."""

    name = "web"
    example = "https://cad.example.gov/export/calls.csv"
    order = 9

    def takes(self, location: str) -> bool:
        """Take every web address that no earlier protocol took."""
        return location.lower().startswith(("http://", "https://"))

    def check(self, location: str) -> None:
        """Refuse a location that is no URL, holds a user, or is known to give only a part of a table."""
        target = parse(location)
        refuse_user(location)
        parameters = {name.lower() for name, _ in parse_qsl(target.query or "")}
        if _FIRST_THOUSAND.match(location) and not parameters & {"$limit", "$query"}:
            raise FeedError(
                "refused",
                "This address gives the first 1,000 rows of a table only. Give that of the export of all rows, "
                "/api/views/ID/rows.csv?accessType=DOWNLOAD, or a $limit that the table never reaches.",
            )

    def fetch(self, location: str, settings: FetchSettings, previous: Version | None) -> Spool:
        """Fetch within one deadline, over one connection at a time."""
        access = read_access(settings, WebAccess, location)
        with Client(settings, access.sign) as client:
            return self.ask(client, location, previous)

    def ask(self, client: Client, location: str, previous: Version | None) -> Spool:
        """Return the file at ``location``; raise Unchanged, or FeedError."""
        return client.attempt(lambda: download(client, location, previous))


def download(client: Client, url: str, previous: Version | None) -> Spool:
    """Return the file at ``url``, without retries; raise Unchanged, FeedError, or TransientError."""
    answer = client.get(url, previous)
    if answer.status == 304:
        if previous and previous.agrees(answer.headers):
            raise Unchanged
        list(answer.body)  # it has none, but must be read before the connection is used again
        return download(client, url, None)
    if _NEXT_PAGE.search(answer.headers.get("Link", "")):
        raise FeedError(
            "truncated",
            Said(
                "{url} gave a first page and names a next one, so a part of the table is missing. "
                "Give the address of an export of all rows.",
                url=show(answer.url),
            ),
        )
    settings = client.settings
    with spooling(settings.spool_dir, settings.max_bytes) as writer:
        head = b""
        for block in answer.body:
            head = head or block[:4]
            writer.write(block)
        if not (answer.proven or head.lstrip().startswith(_SELF_DELIMITED)):
            raise FeedError(
                "truncated",
                Said(
                    "{url} does not say how long the file is, so it cannot be told whether all of it came.",
                    url=show(answer.url),
                ),
            )
        validators = etag_of(answer.headers), settled_date(answer.headers)
        return writer.spool(_name(answer), *validators, address_of(answer.url))


def _name(answer: Answer) -> str:
    """Return the file's name as the URL gives it."""
    return PurePosixPath(unquote(answer.url.path or "")).name or "feed"
