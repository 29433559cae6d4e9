"""A real provider of OpenID Connect on this machine, and people who sign in at it by its own form."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey

from helpers.ports import end, free_port

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(os.environ.get("CPDI_RUN", ROOT / ".run")) / "npm/node_modules"
CLIENT, SECRET = "open-data-portal", "a secret of the tests, and of nobody else"
OLDEST_NODE = 20


def key(name: str) -> dict[str, Any]:
    """A new key that signs tokens, private part included."""
    made = RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"}, private=True)
    return made.as_dict(private=True)


@dataclass
class Openid:
    """A provider whose people may be changed while it runs."""

    folder: Path
    back: str
    """Where it leads to after a sign-in."""
    port: int
    keys: list[dict[str, Any]]
    process: subprocess.Popen[bytes] | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def people(self) -> Path:
        return self.folder / "people.json"

    def knows(self, **people: dict[str, Any]) -> None:
        """Have these people, by subject, with their claims, and no others."""
        self.people.write_text(json.dumps(people), encoding="utf-8")

    def start(self) -> None:
        """Listen, with the keys that there are now."""
        told = {
            "packages": PACKAGES.as_uri(), "issuer": self.issuer, "port": self.port, "people": str(self.people),
            "keys": {"keys": self.keys},
            "client": {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [self.back],
                       "post_logout_redirect_uris": [self.back.replace("/sign-in/back", "/user/logged_out_redirect")]},
        }  # fmt: skip
        command = ["node", str(ROOT / "tests/servers/openid.mjs")]
        with (self.folder / "provider.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(told).encode())
        self.process.stdin.close()
        assert self.process.stdout.readline() == b"ready\n", (self.folder / "provider.log").read_text()[-2000:]

    def stop(self) -> None:
        if self.process:
            end(self.process)
            self.process = None


@contextmanager
def provider(folder: Path, back: str) -> Iterator[Openid]:
    """A provider that listens, and leads to ``back``."""
    if not (PACKAGES / "oidc-provider").exists():
        pytest.skip("the packages of browsers are not there: scripts/build-assets dev")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    if int((re.match(r"v(\d+)", version) or ["", "0"])[1]) < OLDEST_NODE:
        pytest.skip(f"the provider needs Node {OLDEST_NODE}, and this is {version.strip() or 'none'}")
    made = Openid(folder, back, free_port(), [key("first")])
    made.knows()
    made.start()
    try:
        yield made
    finally:
        made.stop()


class Person:
    """A browser that signs in at the provider by its form, and never follows a link of the portal by itself."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False

    def sign_in(self, way_there: str, subject: str) -> str:
        """Go to the provider at ``way_there`` and sign in as ``subject``; return the address that it leads back to."""
        page = self._follow(self.session.get(way_there, allow_redirects=False))
        while not isinstance(page, str):
            assert page.status_code == 200, page.text
            form = re.search(r'<form[^>]+action="([^"]+)"', page.text)
            assert form, page.text
            prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
            assert prompt, page.text
            data = {"prompt": prompt[1], "login": subject, "password": "any"}
            page = self._follow(self.session.post(urljoin(page.url, form[1]), data=data, allow_redirects=False))
        return page

    def _follow(self, answer: requests.Response) -> requests.Response | str:
        """Follow redirects as long as they stay at the provider; return a page, or the address of the portal."""
        while answer.is_redirect:
            target = urljoin(answer.url, answer.headers["Location"])
            if urlsplit(target).netloc != urlsplit(answer.url).netloc:
                return target
            answer = self.session.get(target, allow_redirects=False)
        return answer
