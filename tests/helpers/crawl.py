"""Follows every address that a portal gives away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import requests

_NO_LINK = ("mailto:", "data:", "javascript:", "#")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "get").lower() != "get":
            return  # it is sent, not followed
        names = ("href", "src", "action", "hx-get", "poster")
        self.found += [value for name in names if (value := given.get(name)) and not value.startswith(_NO_LINK)]
        if given.get("name") in ("site-root", "locale-root"):
            self.found.append(given["content"] or "")


class Crawl:
    """Asks a portal at ``base`` (with the path below which it lies) as whoever has the ``headers``."""

    def __init__(self, base: str, headers: dict[str, str] | None = None) -> None:
        self.base = base
        self.origin = f"{urlsplit(base).scheme}://{urlsplit(base).netloc}"
        self._session = requests.Session()
        self._session.headers.update(headers or {})
        self.seen: dict[str, int] = {}
        self.outside: dict[str, str] = {}
        """Addresses of the portal's host that do not lie below its path, with where they were found."""

    def get(self, path: str, **options: Any) -> requests.Response:
        return self._session.get(urljoin(self.origin, path), timeout=120, allow_redirects=False, **options)

    def links(self, response: requests.Response) -> list[str]:
        """All addresses in a page, a text, JSON or XML, and in the headers."""
        kind = response.headers.get("Content-Type", "")
        if "text/html" in kind:
            parser = _Links()
            parser.feed(response.text)
            found = parser.found
            found += re.findall(re.escape(self.origin) + r"[^\s\"'<>&\\]*", response.text)
        elif "text/css" in kind:
            found = re.findall(r"url\([\"']?((?!data:)[^)\"']+)", response.text)
        else:
            told = re.sub(r"<id>.*?</id>", "", response.text)  # in Atom a name, which CKAN makes of the origin alone
            found = re.findall(re.escape(self.origin) + r"[^\s\"'<>,\\]*", told)
        headers = response.headers
        found += [headers[name] for name in ("Location", "Content-Location") if name in headers]
        found += re.findall("<([^>]+)>", headers.get("Link", ""))
        return [urldefrag(urljoin(response.url, one))[0] for one in found]

    def inside(self, links: Iterable[str], source: str) -> list[str]:
        """Those of ``links`` that are the portal's host's; what does not lie below its path is noted."""
        mine = [one for one in links if one.startswith(self.origin)]
        for one in mine:
            if not re.match(re.escape(self.base) + r"($|[/?])", one):
                self.outside.setdefault(one, source)
        return mine

    def follow(self, links: Iterable[str], source: str) -> list[str]:
        """Ask for each of ``links``; return those that nobody answers, with status and where they were found."""
        wrong = []
        for link in dict.fromkeys(self.inside(links, source)):
            if link not in self.seen:
                response = self.get(link, stream=True)
                response.close()
                self.seen[link] = response.status_code
                if "Location" in response.headers:
                    wrong += self.follow([urljoin(link, response.headers["Location"])], link)
            if self.seen[link] >= 400 and self.seen[link] not in (401, 403):
                wrong.append(f"{self.seen[link]} {link} in {source}")
        return wrong
