"""The portal as it is started for a measurement: whole behind nginx, or one pool of gunicorn with two workers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from bench.process import CommandError, Runner, free_ports

ROOT = Path(__file__).parent.parent
PORT, POOL_PORT = free_ports(2)
WORKERS, THREADS = 2, 8
NAMES = ("front", "pages", "services", "api", "streams")
_STOCK: dict[str, object] = {"ckan.plugins": "activity datastore", "ckan.auth.create_unowned_dataset": "true"}
"""CKAN without the portal, which knows no series: a plain dataset shows the same resources."""


@dataclass(frozen=True)
class Server:
    """Where a server listens, and the process that was started for it."""

    url: str
    pid: int


@contextmanager
def whole(runner: Runner, settings: dict[str, object] | None = None) -> Generator[str]:
    """Start the portal as ``make demo`` does, with the benchmark's databases; stop it afterwards."""
    ini = with_settings(runner, "front.ini", {"ckanext.cpdi.accel": "/_files/", **(settings or {})})
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
def single_pool(runner: Runner, settings: dict[str, object] | None = None) -> Generator[Server]:
    """Start gunicorn alone."""
    ini = with_settings(runner, "pool.ini", settings or {})
    metrics = runner.work / "metrics"
    metrics.mkdir(exist_ok=True)
    own = {"CKAN_INI": str(ini), "WEB_PORT": str(POOL_PORT), "PROXIES": "0", "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    command = [str(Path(sys.executable).with_name("gunicorn")), "--config", str(ROOT / "scripts/gunicorn.conf.py")]
    workers = {"WEB_WORKERS": str(WORKERS), "WEB_THREADS": str(THREADS)}
    with started(command, runner.work / "pool.log", f"http://127.0.0.1:{POOL_PORT}", "/", own | workers) as server:
        yield server


@contextmanager
def stock(runner: Runner, python: str = sys.executable, plugins: str = "") -> Generator[str]:
    """Start CKAN without the portal as the portal is started, with more ``plugins``; give its address."""
    url = f"http://127.0.0.1:{POOL_PORT}"
    # CKAN's scripts ask its own address for their texts, and wait for them.
    own = {"ckan.plugins": f"{_STOCK['ckan.plugins']} {plugins}".strip(), "ckan.site_url": url}
    ini = with_settings(runner, "stock.ini", {**_STOCK, **own})
    command = [python, "-m", "gunicorn", "--bind", url.partition("//")[2], "--worker-class"]
    command += ["gthread", "--workers", str(WORKERS), "--threads", str(THREADS), "bench.stock:application"]
    with started(command, runner.work / "stock.log", url, "/api/3", {"CKAN_INI": str(ini)}) as server:
        yield server.url


@contextmanager
def started(
    command: list[str], log: Path, url: str, ready: str, environment: dict[str, str] | None = None, seconds: float = 90
) -> Generator[Server]:
    """Start ``command``, wait until ``url`` answers at ``ready``, and end it afterwards."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
    try:
        _wait(process, f"{url}{ready}", seconds, log)
        yield Server(url, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def with_settings(runner: Runner, name: str, settings: dict[str, object]) -> Path:
    """Return the benchmark's configuration with settings of its own, as a file beside it."""
    ini = runner.work / name
    kept = [
        line
        for line in runner.ini.read_text(encoding="utf-8").splitlines(keepends=True)
        if line.partition("=")[0].strip() not in settings
    ]
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    ini.write_text("".join(kept).replace("[app:main]\n", f"[app:main]\n{lines}", 1), encoding="utf-8")
    return ini


def _wait(process: subprocess.Popen[bytes], url: str, seconds: float, log: Path) -> None:
    end = monotonic() + seconds
    while monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310  a constant scheme
                return
        except (URLError, OSError):
            sleep(0.2)
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    raise CommandError(f"{url} did not answer: {''.join(last)[:200]}")
