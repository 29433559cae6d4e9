"""Versions of a feed, and which of a server's validators (ETag, Last-Modified) can be trusted."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from collections.abc import Mapping
from dataclasses import dataclass

_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]{0,500}"|[\w.:+/=-]{1,200}', re.ASCII)
"""As RFC 9110 writes it, and without quotes, as some servers do; never ``*``, which would mean any state."""

_DATE = re.compile(r"[\w ,:+-]{1,64}", re.ASCII)
_SETTLED = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Version:
    """One version of a feed: the file's ``name``, ``sha256`` and ``size`` (bytes) as it came, and its validators.

    ``etag`` is the source's name for this version, ``last_modified`` its date as HTTP writes it, ``address`` a hash of
    the URL that gave both, after all redirects. All three are empty where the source gave nothing usable.
    """

    name: str
    sha256: str
    size: int
    etag: str = ""
    last_modified: str = ""
    address: str = ""

    def conditions(self, address: str) -> dict[str, str]:
        """Return the headers of a conditional request to ``address``; none for an address other than the version's.

        A date is sent only without an ETag: a server may obey either (RFC 9110, 13.1.3), and the ETag is more exact.
        """
        if not self.address or address != self.address:
            return {}
        if self.etag:
            return {"If-None-Match": self.etag}
        return {"If-Modified-Since": self.last_modified} if self.last_modified else {}

    def agrees(self, headers: Mapping[str, str]) -> bool:
        """Say whether a 304 with ``headers`` is really about this version.

        A server that compares dates as "not newer" also answers 304 for an older file that was put back.
        """
        etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "").strip()
        if self.etag:
            return not etag or _opaque(etag) == _opaque(self.etag)
        return modified in ("", self.last_modified)


def etag_of(headers: Mapping[str, str]) -> str:
    """Return the ETag, weak or strong; empty for one with characters that may not be sent back."""
    etag = headers.get("ETag", "").strip()
    return etag if _ETAG.fullmatch(etag) else ""


def settled_date(headers: Mapping[str, str]) -> str:
    """Return Last-Modified where it identifies one version of the file, else an empty text.

    It has a resolution of one second, so a file written just now may be written again under the same date. RFC 9110
    (8.8.2.2) takes it for a strong validator where the answer's own Date is clearly later; the minute comes from its
    predecessor RFC 7232, and covers clocks that differ.
    """
    date = headers.get("Last-Modified", "").strip()
    modified, answered = _instant(date), _instant(headers.get("Date", ""))
    settled = modified is not None and answered is not None and answered - modified >= _SETTLED
    return date if settled and _DATE.fullmatch(date) else ""


def _opaque(etag: str) -> str:
    """Return an ETag without the prefix of a weak one: weak comparison is enough to decide whether to read again."""
    return etag.strip().removeprefix("W/")


def _instant(date: str) -> dt.datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
