"""A client for http and https that connects only to allowed addresses: a URL in, a checked answer out.

Every host, also that of a redirect, is resolved once and connected to at the address that was checked; with TLS the
certificate still has to fit the host's name. No proxy is used and no cookie is kept.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import TypeVar
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.inflate import inflate
from ckanext.cpdi.feeds.files.spool import check_size
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.address import IPAddress, resolve
from ckanext.cpdi.feeds.network.attempts import TransientError, attempt
from ckanext.cpdi.feeds.network.deadline import Deadline
from ckanext.cpdi.feeds.network.pinned import pinned_connection, tls_context
from ckanext.cpdi.feeds.network.settings import FetchSettings

T = TypeVar("T")

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_FAULTS = (HTTPError, HTTPException, OSError)
_TRANSIENT = (429, 500, 502, 503, 504)
_BLOCK = 1 << 16
_LONGEST_LENGTH = 19
_PORTS = {"http": 80, "https": 443}
_AGENT = "ckanext-cpdi (open data of a police department)"


@dataclass(frozen=True)
class Answer:
    """What a server answered: 200 with a body, or 304 without.

    ``proven`` says whether the end of the body can be distinguished from a broken connection.
    """

    status: int
    url: Url
    headers: Mapping[str, str]
    body: Iterator[bytes]
    proven: bool


class Client:
    """Fetches over one connection at a time, within one deadline; use it as a context manager."""

    def __init__(self, settings: FetchSettings, sign: Callable[[Url], Mapping[str, str]]) -> None:
        """Keep both; ``sign`` returns the headers that authenticate a request to a URL of the first origin."""
        self.settings = settings
        self._sign = sign
        self.deadline = Deadline(settings.deadline_seconds)
        self._connection: HTTPConnection | None = None
        self._origin: tuple[str, str, int] | None = None
        self._addresses: dict[tuple[str, int], list[IPAddress]] = {}

    def __enter__(self) -> Client:
        """Start the deadline's clock."""
        self.deadline.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        """Close the connection."""
        self._disconnect()
        self.deadline.__exit__(*raised)

    def attempt(self, action: Callable[[], T]) -> T:
        """Return what ``action`` returns, retried on a new connection after a TransientError; see :func:`attempt`."""

        def fresh() -> T:
            try:
                return action()
            except TransientError:
                self._disconnect()
                raise

        return attempt(fresh, self.settings, self.deadline)

    def get(self, url: str, previous: Version | None = None) -> Answer:
        """Return the answer at ``url``, redirects followed; its body has to be read before the next call.

        Its status is 304 only where the address from which ``previous`` came says that it still has that version.
        Credentials go only to the first origin. Raises FeedError, and TransientError where another attempt may help.
        """
        target = parse(url)
        first = _origin(target)
        for _ in range(_MOST_REDIRECTS + 1):
            conditions = previous.conditions(address_of(target)) if previous else {}
            response = self._request(target, {**conditions, **(self._sign(target) if _origin(target) == first else {})})
            if response.status not in _REDIRECTS:
                return self._answer(target, response, conditional=bool(conditions))
            target = _redirect_target(target, response.headers.get("Location", ""))
            self._disconnect()
        raise FeedError("status", Said("{target} redirects again and again.", target=show(target)))

    def _request(self, target: Url, headers: Mapping[str, str]) -> BaseHTTPResponse:
        connection = self._connect(target)
        connection.timeout = self.deadline.remaining()
        sent = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "gzip", **headers}
        try:
            connection.request(
                "GET",
                target.request_uri,
                headers=sent,
                preload_content=False,
                decode_content=False,
                enforce_content_length=True,
            )
            return connection.getresponse()
        except _FAULTS as error:
            raise self._fault(target, error) from None
        except ValueError:  # its text would show the header
            raise FeedError(
                "refused", "A request header in the settings has a character that is not allowed."
            ) from None

    def _connect(self, target: Url) -> HTTPConnection:
        """Return the open connection to the target's origin, or a new one to an address that was checked."""
        scheme, host, port = _origin(target)
        if self._connection is not None and self._origin == (scheme, host, port) and self._connection.is_connected:
            return self._connection
        self._disconnect()
        if (host, port) not in self._addresses:
            self._addresses[host, port] = resolve(host, port, self.settings.allowed_hosts, self.deadline)
        addresses = self._addresses[host, port]
        tls = tls_context(self.settings.ca_file) if scheme == "https" else None
        self._connection = pinned_connection(host, port, addresses, self.deadline, tls)
        self._origin = scheme, host, port
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.deadline.watch(None)

    def _answer(self, target: Url, response: BaseHTTPResponse, *, conditional: bool) -> Answer:
        """Return the answer; raise the error of a status other than 200, or 304 after a conditional request."""
        headers = response.headers
        status = response.status
        if status in _TRANSIENT:
            error = FeedError(
                "status", Said("{target} answered with the error {status}.", target=show(target), status=status)
            )
            raise TransientError(error, _retry_after(headers.get("Retry-After", "")))
        if status != 200 and not (conditional and status == 304):
            raise FeedError("missing" if status in (404, 410) else "status", _refusal(target, status))
        length = headers.get("Content-Length", "")
        has_length = length.isascii() and length.isdigit() and len(length) < _LONGEST_LENGTH
        if has_length:
            check_size(int(length), self.settings.max_bytes)
        chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
        packed = headers.get("Content-Encoding", "identity").strip().lower()
        body = self._body(target, response)
        if packed in ("gzip", "x-gzip"):
            body = inflate(body, self.settings.max_bytes)
        elif packed not in ("", "identity"):
            raise FeedError(
                "unreadable", Said("{target} answered in a compression that was not asked for.", target=show(target))
            )
        return Answer(status, target, headers, body, has_length or chunked or "gzip" in packed)

    def _body(self, target: Url, response: BaseHTTPResponse) -> Iterator[bytes]:
        """Yield the body as it came; each block is checked against the limit of bytes and the deadline."""
        size = 0
        try:
            for block in response.stream(_BLOCK, decode_content=False):
                size += len(block)
                check_size(size, self.settings.max_bytes)
                self.deadline.remaining()
                yield block
        except _FAULTS as error:
            raise self._fault(target, error, read=size) from None
        self.deadline.remaining()  # a body without a length also ends when the deadline shuts the connection

    def _fault(self, target: Url, error: Exception, read: int = 0) -> FeedError | TransientError:
        """Return the error to raise for a fault of the network, without its own text, which may hold the URL."""
        self.deadline.remaining()
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(error):
            return FeedError("refused", Said("The certificate of {host} is not valid for it.", host=target.host))
        if read:
            return TransientError(
                FeedError("truncated", Said("{target} broke off before the end of the file.", target=show(target)))
            )
        return TransientError(
            FeedError("unreachable", Said("{target} could not be reached, or did not answer.", target=show(target)))
        )


def parse(url: str) -> Url:
    """Return the parts of an http(s) URL; raise FeedError (refused) for anything else."""
    try:
        target = parse_url(url)
    except LocationParseError:
        raise FeedError("refused", "The feed's address is not a URL that can be read.") from None
    if target.scheme not in _PORTS or not target.host:
        raise FeedError("refused", "The feed's address has to begin with http:// or https:// and name a host.")
    return target


def address_of(target: Url) -> str:
    """Return a hash of the URL with its query."""
    return hashlib.sha256(str(target._replace(auth=None, fragment=None)).encode()).hexdigest()


def show(target: Url) -> str:
    """Return the URL as it may be shown: without user, password, query and fragment."""
    return str(target._replace(auth=None, query=None, fragment=None))


def _origin(target: Url) -> tuple[str, str, int]:
    scheme = target.scheme or ""
    return scheme, (target.host or "").strip("[]").lower(), target.port or _PORTS[scheme]


def _redirect_target(target: Url, location: str) -> Url:
    """Return the target of a redirect; raise FeedError where it is no URL, or leaves TLS."""
    try:
        further = parse(urljoin(str(target._replace(auth=None, fragment=None)), location))
    except ValueError:
        further = None
    if not location or further is None or (target.scheme == "https" and further.scheme != "https"):
        raise FeedError(
            "refused", Said("{target} redirects to an address that is not safe to follow.", target=show(target))
        )
    return further._replace(auth=None)


def _refusal(target: Url, status: int) -> str:
    """Return the message for an answer of ``status``."""
    if status in (401, 403, 407):
        return f"{show(target)} refused access ({status}). The credentials in the settings may be wrong or missing."
    if status in (404, 410):
        return f"There is no file at {show(target)} ({status})."
    return f"{show(target)} answered with the status {status} in place of a file."


def _retry_after(value: str) -> float | None:
    """Return the seconds that a Retry-After header (seconds or a date) asks for; None where it is not readable."""
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        then = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    aware = then if then.tzinfo else then.replace(tzinfo=dt.UTC)
    return max(0.0, (aware - dt.datetime.now(dt.UTC)).total_seconds())
