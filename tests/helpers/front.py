"""The portal as it runs for readers: nginx in front of gunicorn, started by the portal's own script."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from helpers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("front", "pages", "services", "api", "streams")


@dataclass(frozen=True)
class Answer:
    """What a client got."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters; a header that came twice is joined with a comma."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Front:
    """A portal in ``run``, with the configuration ``ini``."""

    run: Path
    ini: Path
    port: int = field(default_factory=free_port)

    def script(self, verb: str, *names: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Call ``scripts/portal`` for ``names``, or all: two threads for pages, so that few readers would hold them."""
        own = {
            "CPDI_RUN": str(self.run),
            "CPDI_VENV": sys.prefix,
            "CKAN_INI": str(self.ini),
            "WEB_PORT": str(self.port),
            "WEB_WORKERS": "1",
            "SERVICE_WORKERS": "1",
            "WEB_THREADS": "2",
            **environment,
        }
        command = [str(ROOT / "scripts/portal"), verb, *(names or NAMES)]
        return subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False)

    def kill(self) -> None:
        """End all processes at once, as nobody waits for their last answers; each has a session of its own."""
        for name in NAMES:
            with suppress(FileNotFoundError, ProcessLookupError):
                os.killpg(int((self.run / f"{name}.pid").read_text()), signal.SIGKILL)

    @contextmanager
    def still(self, name: str) -> Iterator[None]:
        """Have the processes of ``name`` stand still meanwhile."""
        group = int((self.run / f"{name}.pid").read_text())
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, person: str = "127.0.0.1", **headers: str
    ) -> Answer:
        """Ask for ``path`` from the address ``person``; headers with _ in place of -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(person, 0))
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            got = connection.getresponse()
            return Answer(got.status, joined(got.getheaders()), got.read())
        finally:
            connection.close()

    def read_nothing(self, path: str, person: str) -> socket.socket:
        """Ask for ``path`` and read none of the answer; close what is returned."""
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        one.bind((person, 0))
        one.connect(("127.0.0.1", self.port))
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return one

    def written(self) -> bytes:
        """All that the processes have written: logs, and what nginx keeps for itself."""
        return b"".join(path.read_bytes() for path in self.run.rglob("*") if path.is_file())


def joined(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Headers by small name."""
    found: dict[str, str] = {}
    for name, value in headers:
        found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
    return found
