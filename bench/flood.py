"""Pages and health while slow readers, costly questions and downloads come all at once.

Measured on the portal as it stands (nginx, three pools), beside the same visitors at a single pool of gunicorn without
a web server in front.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from bench.entry import Beside, Entry
from bench.load import DATASET
from bench.process import CommandError, Runner
from bench.visitors import ASKERS, DOWNLOADS, READERS
from ckanext.cpdi.catalog.parts import resource_id

ROOT = Path(__file__).parent.parent
SECONDS = 20
BAR = 300
"""Milliseconds in which 19 of 20 answers have come."""
PEER = "one pool, nothing in front"
PORT, PEER_PORT = 5401, 5402
PAGES = {
    "/": "home",
    "/healthz": "health",
    f"/dataset/{DATASET}": "a dataset's page",
    f"/dataset/{DATASET}?anew": "a dataset's page, no cache",
}
NAMES = ("front", "pages", "api", "streams")


def measure(runner: Runner) -> Iterator[Entry]:
    """Yield the 95th and 50th percentile and the longest of each page, then how many were refused."""
    with _portal(runner) as url:
        seen = _flood(runner, url)
    with _single_pool(runner) as url:
        before = _flood(runner, url)
    crowd = f"{READERS} slow readers, {ASKERS} costly connections, {DOWNLOADS} downloads"
    for path, name in PAGES.items():
        found, peer = _percentiles(seen["pages"][path]), _percentiles(before["pages"][path])
        bar = BAR if path in ("/", "/healthz") else None
        yield Entry(f"{name}, p95 under {crowd}", found[1], "ms", peer=Beside(PEER, peer[1]), bar=bar)
        yield Entry(f"{name}, p50", found[0], "ms", peer=Beside(PEER, peer[0]))
        yield Entry(f"{name}, longest", found[2], "ms", peer=Beside(PEER, peer[2]))
    yield Entry("refused or too late", _refused(seen), "answers", peer=Beside(PEER, _refused(before)), bar=0)
    yield Entry(
        "costly questions answered",
        seen["answered"]["costly questions"],
        "answers",
        peer=Beside(PEER, before["answered"].get("costly questions", 0)),
    )


def _flood(runner: Runner, url: str) -> dict[str, Any]:
    return runner.module("bench.visitors", url, resource_id(DATASET), str(SECONDS)).json()


def _percentiles(seconds: list[float]) -> tuple[float, float, float]:
    """Return median, 95th percentile and maximum in milliseconds."""
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    return hundredths[49] * 1000, hundredths[94] * 1000, max(seconds) * 1000


def _refused(seen: dict[str, Any]) -> float:
    return float(seen["late"] + sum(seen["refused"].values()))


@contextmanager
def _portal(runner: Runner) -> Generator[str]:
    """Start the portal as ``make demo`` does, with the benchmark's databases; stop it afterwards."""
    ini = runner.work / "front.ini"
    text = runner.ini.read_text(encoding="utf-8")
    ini.write_text(text.replace("[app:main]", "[app:main]\nckanext.cpdi.accel = /_files/", 1), encoding="utf-8")
    own = {
        "CPDI_RUN": str(runner.work / "portal"),
        "CPDI_VENV": sys.prefix,
        "CKAN_INI": str(ini),
        "WEB_PORT": str(PORT),
    }
    script = str(ROOT / "scripts/portal")
    environment = {**os.environ, **own, "PROXIES": "0"}
    try:
        subprocess.run([script, "start", *NAMES], env=environment, check=True, capture_output=True)
        yield f"http://127.0.0.1:{PORT}"
    except subprocess.CalledProcessError as error:
        raise CommandError(error.stderr.decode()) from None
    finally:
        subprocess.run([script, "stop", *NAMES], env=environment, check=False, capture_output=True)


@contextmanager
def _single_pool(runner: Runner) -> Generator[str]:
    """Start gunicorn alone."""
    own = {"CKAN_INI": str(runner.ini), "WEB_PORT": str(PEER_PORT), "PROXIES": "0"}
    command = [str(Path(sys.executable).with_name("gunicorn")), "--config", str(ROOT / "scripts/gunicorn.conf.py")]
    with (runner.work / "peer.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{PEER_PORT}"
    try:
        _wait(f"{url}/")
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, seconds: float = 60) -> None:
    end = monotonic() + seconds
    while monotonic() < end:
        try:
            with urlopen(url, timeout=5):  # noqa: S310  a constant scheme
                return
        except (URLError, OSError):
            sleep(0.2)
    raise CommandError(f"{url} did not answer")
