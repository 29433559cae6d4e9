"""Whether the services answer that a configuration names, asked before CKAN fails at them with a traceback."""

from __future__ import annotations

import configparser
import socket
from pathlib import Path
from urllib.parse import urlsplit

NAMED = {"sqlalchemy.url": "PostgreSQL", "ckan.redis.url": "Redis", "solr_url": "Solr"}
_PORTS = {"postgresql": 5432, "redis": 6379, "http": 80, "https": 443}
_SECONDS = 5


def away(ini: Path) -> list[str]:
    """Return the services of ``ini`` that take no connection, such as ``Redis at 127.0.0.1:16379``."""
    parser = configparser.RawConfigParser()
    parser.read(ini, encoding="utf-8")
    found: list[str] = []
    for key, name in NAMED.items():
        parts = urlsplit(parser.get("app:main", key, fallback=""))
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
        if host and not _answers(host, port):
            found.append(f"{name} at {host}:{port}")
    return found


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), _SECONDS).close()
    except OSError:
        return False
    return True
