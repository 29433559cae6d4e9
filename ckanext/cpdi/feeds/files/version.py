"""What tells one state of a feed from another, and when a source's word for it may be trusted."""

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
    """One state of a feed: the file's ``name``, ``sha256`` and ``size`` (bytes) as it came, and the source's own words.

    ``etag`` is what the source called this state, ``last_modified`` its date as HTTP writes it, ``address`` a hash of
    the URL that said so at the end of all redirects. All three are empty where the source said nothing of use.
    """

    name: str
    sha256: str
    size: int
    etag: str = ""
    last_modified: str = ""
    address: str = ""

    def conditions(self, address: str) -> dict[str, str]:
        """Return the headers that ask ``address`` for a file only if it is another one; none for another address.

        A date goes only where there is no ETag: a server may heed either (RFC 9110, 13.1.3), and the ETag knows more.
        """
        if not self.address or address != self.address:
            return {}
        if self.etag:
            return {"If-None-Match": self.etag}
        return {"If-Modified-Since": self.last_modified} if self.last_modified else {}

    def agrees(self, headers: Mapping[str, str]) -> bool:
        """Say whether a 304 with ``headers`` really speaks of this state.

        A server that compares dates as "not newer" answers 304 for an older file that was put back, too.
        """
        etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "").strip()
        if self.etag:
            return not etag or _opaque(etag) == _opaque(self.etag)
        return modified in ("", self.last_modified)


def etag_of(headers: Mapping[str, str]) -> str:
    """Return the ETag, weak or strong, that may be kept and sent back; empty for one of odd characters."""
    etag = headers.get("ETag", "").strip()
    return etag if _ETAG.fullmatch(etag) else ""


def settled_date(headers: Mapping[str, str]) -> str:
    """Return Last-Modified where it stands for one state of the file alone, else an empty text.

    It counts whole seconds, so a file that was written just now may be written again under the same date. RFC 9110
    (8.8.2.2) takes it for a strong validator where the answer's own Date is clearly later; the minute is that of its
    forerunner RFC 7232, and covers clocks that differ.
    """
    date = headers.get("Last-Modified", "").strip()
    modified, answered = _instant(date), _instant(headers.get("Date", ""))
    settled = modified is not None and answered is not None and answered - modified >= _SETTLED
    return date if settled and _DATE.fullmatch(date) else ""


def _opaque(etag: str) -> str:
    """Return an ETag without the mark of a weak one: whether a feed is to be read again is a weak comparison."""
    return etag.strip().removeprefix("W/")


def _instant(date: str) -> dt.datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
