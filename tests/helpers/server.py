"""The tests' portal in processes of its own: gunicorn, and nginx in front, which serves it below a path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from configparser import RawConfigParser
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.ports import end, free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
worker_processes 1;
{user}
events {{ worker_connections 128; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    error_page 405 @no_method;
    location @no_method {{ add_header Allow "GET, HEAD, POST, OPTIONS" always; return 405 "no such method"; }}
    location {path}/ {{ proxy_pass http://127.0.0.1:{behind}/; proxy_set_header Host $http_host; }}
    proxy_read_timeout 300s; proxy_buffer_size 32k; proxy_buffers 16 32k; proxy_busy_buffers_size 64k;
    large_client_header_buffers 4 16k;
  }}
}}
"""


@contextmanager
def served_below(folder: Path, ini: str, path: str, settings: Mapping[str, str]) -> Iterator[str]:
    """Serve the portal of the configuration ``ini`` with ``settings`` below ``path``; yield its address.

    ``folder`` takes the configuration and logs of both servers.
    """
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not on this machine")
    port, behind = free_port(), free_port()
    site = f"http://127.0.0.1:{port}"
    made = _configured(
        folder / "portal.ini", ini, {**settings, "ckan.site_url": site, "ckan.root_path": f"{path}/{{{{LANG}}}}"}
    )
    user = "user root;" if os.geteuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(_NGINX.format(folder=folder, user=user, port=port, path=path, behind=behind), encoding="utf-8")
    with _running(_gunicorn(made, behind), behind, folder), _running([nginx, "-c", str(conf)], port, folder):
        yield site + path


def _configured(target: Path, ini: str, settings: Mapping[str, str]) -> Path:
    """Write a copy of the configuration ``ini`` that has ``settings``."""
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[method-assign, assignment]  settings keep their case
    parser.read_string(Path(ini).read_text(encoding="utf-8").replace("%(here)s", str(Path(ini).parent)))
    for name, value in settings.items():
        parser.set("app:main", name, value)
    with target.open("w", encoding="utf-8") as file:
        parser.write(file)
    return target


def _gunicorn(ini: Path, port: int) -> list[str]:
    python = Path(sys.executable)
    return [
        "env", f"CKAN_INI={ini}", str(python.parent / "gunicorn"), "--chdir", str(ROOT / "scripts"),
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4", "--timeout", "300",
        "--limit-request-line", "0",
        "wsgi:application",
    ]  # fmt: skip


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    with (folder / f"{port}.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            wait_for(port, process)
            yield
        finally:
            end(process)
