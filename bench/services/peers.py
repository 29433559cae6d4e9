"""Other servers on the same rows, each as its own documentation has it started; installed by ``scripts/bench-peers``.

In: the rows. Out: servers that answer. Which is not installed, or does not start, is told and left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import yaml
from psycopg.conninfo import conninfo_to_dict

from bench.entry import Missing
from bench.portal import ROOT, THREADS, WORKERS, Server, started
from bench.process import CommandError, Runner, free_ports
from bench.services.ground import SCHEMA, TABLE, Ground
from bench.services.race import Check, Request

FLOOR = "a bare route"
KOOP, PYGEOAPI, TIPG, MARTIN = "Koop", "pygeoapi", "tipg", "Martin"
PORTS: dict[str, int] = dict(zip((FLOOR, KOOP, PYGEOAPI, TIPG, MARTIN), free_ports(5), strict=True))
MOST = 10_000
"""Features that a page may have where a server has a limit."""


@dataclass(frozen=True)
class Start:
    """How a server is started; ``needs`` is the file without which it is not installed."""

    name: str
    needs: Path
    command: list[str]
    ready: str
    environment: dict[str, str]


@dataclass(frozen=True)
class Peers:
    """Where the other servers listen, by name; ``missing`` says of the others why they do not."""

    urls: dict[str, str]
    missing: dict[str, str]

    def __iter__(self) -> Iterator[Missing]:
        """Say who is not there."""
        return (Missing(name, why) for name, why in self.missing.items())

    def asked(self, paths: Mapping[str, str], check: Check) -> dict[str, Request]:
        """Return a request to each of those in ``paths`` that are there; ``check`` is for answers in JSON."""
        return {name: Request(self.urls[name], path, check) for name, path in paths.items() if name in self.urls}


def start(runner: Runner, ground: Ground, stack: ExitStack) -> Peers:
    """Start the floor and each peer until ``stack`` ends."""
    peers = Peers({}, {})
    starts = {FLOOR: _floor, KOOP: _koop, PYGEOAPI: _pygeoapi, TIPG: _tipg, MARTIN: _martin}
    for name, prepare in starts.items():
        try:
            peers.urls[name] = stack.enter_context(_started(runner, ground, name, prepare)).url
        except (CommandError, OSError) as error:
            peers.missing[name] = str(error)
    return peers


def folder(runner: Runner) -> Path:
    """Return where ``scripts/bench-peers`` installs."""
    return runner.work.parent


def version(environment: Path, package: str) -> str:
    """Return the version of a package in a virtual environment; empty where it has none."""
    paths = [str(path) for path in environment.glob("lib/python3*/site-packages")]
    found = [one.version for one in distributions(name=package, path=paths)]
    return found[0] if found else ""


def _started(
    runner: Runner, ground: Ground, name: str, prepare: Callable[[Runner, Ground], Start]
) -> AbstractContextManager[Server]:
    begin = prepare(runner, ground)
    installed(begin)
    url, log = f"http://127.0.0.1:{PORTS[name]}", runner.work / f"{name.split()[-1].lower()}.log"
    return started(begin.command, log, url, begin.ready, begin.environment)


def installed(begin: Start) -> None:
    """Raise CommandError where what is to be started is not installed."""
    if not begin.needs.exists():
        raise CommandError("is not installed (scripts/bench-peers)")


def _floor(_runner: Runner, ground: Ground) -> Start:
    gunicorn = Path(sys.executable).with_name("gunicorn")
    columns = ",".join(f"{field.name}:{field.type}" for field in ground.table.fields)
    given = (ground.read_dsn, ground.resource, columns, ",".join(in_tiles(ground)))
    app = f"bench.services.bare:application({', '.join(map(repr, given))})"
    return Start(FLOOR, gunicorn, [str(gunicorn), *_pool(FLOOR), "--chdir", str(ROOT), app], "/features?limit=1", {})


def _koop(runner: Runner, ground: Ground) -> Start:
    installed = folder(runner) / "koop"
    command = ["node", str(installed / "server.mjs"), str(PORTS[KOOP]), ground.read_dsn, SCHEMA, TABLE]
    ready = "/table/rest/services/FeatureServer/0/query?resultRecordCount=1&f=json"
    return Start(KOOP, installed / "node_modules", command, ready, {"NODE_ENV": "production"})


def _pygeoapi(runner: Runner, ground: Ground) -> Start:
    environment = folder(runner) / "pygeoapi"
    configuration, document = runner.work / "pygeoapi.yml", runner.work / "pygeoapi-openapi.yml"
    settings = {"PYGEOAPI_CONFIG": str(configuration), "PYGEOAPI_OPENAPI": str(document)}
    begin = [str(environment / "bin/gunicorn"), *_pool(PYGEOAPI), "pygeoapi.flask_app:APP"]
    if Path(begin[0]).exists():
        configuration.write_text(yaml.safe_dump(_pygeoapi_settings(ground)), encoding="utf-8")
        made = [str(environment / "bin/pygeoapi"), "openapi", "generate", str(configuration), "--output-file"]
        done = subprocess.run([*made, str(document)], check=False, capture_output=True, env={**os.environ, **settings})
        if done.returncode:
            raise CommandError(done.stderr.decode(errors="replace").strip().splitlines()[-1][:200])
    return Start(PYGEOAPI, Path(begin[0]), begin, "/collections/calls?f=json", settings)


def _pygeoapi_settings(ground: Ground) -> dict[str, object]:
    """Return the least that pygeoapi starts with."""
    database = conninfo_to_dict(ground.read_dsn)
    west, south, east, north = ground.box
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": database["host"],
            "port": database.get("port", 5432),
            "dbname": database["dbname"],
            "user": database["user"],
            "password": database.get("password") or "unused",
            "search_path": [SCHEMA, "postgis", "public"],
        },
        "id_field": "_id",
        "table": TABLE,
        "geom_field": "geom",
    }
    english = {"en": "Calls"}
    about = {"title": english, "description": english, "keywords": {"en": ["calls"]}}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": PORTS[PYGEOAPI]},
            "url": f"http://127.0.0.1:{PORTS[PYGEOAPI]}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "pretty_print": False,
            "limits": {"default_items": 100, "max_items": MOST},
            "map": {"url": "http://127.0.0.1/{z}/{x}/{y}", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                **about,
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": "http://127.0.0.1",
            },
            "license": {"name": "none", "url": "http://127.0.0.1"},
            "provider": {"name": "none", "url": "http://127.0.0.1"},
            "contact": {"name": "none", "email": "nobody@example.org", "url": "http://127.0.0.1"},
        },
        "resources": {
            "calls": {
                "type": "collection",
                **about,
                "links": [{"type": "text/html", "rel": "canonical", "title": "calls", "href": "http://127.0.0.1"}],
                "extents": {"spatial": {"bbox": [west, south, east, north]}},
                "providers": [provider],
            }
        },
    }


def _tipg(runner: Runner, ground: Ground) -> Start:
    environment = folder(runner) / "tipg"
    settings = {
        "DATABASE_URL": ground.write_dsn,  # it makes functions that last as long as its connection
        "TIPG_DB_SCHEMAS": f'["{SCHEMA}"]',
        "TIPG_MAX_FEATURES_PER_QUERY": str(MOST),
        "TIPG_CATALOG_TTL": "86400",
    }
    command = [str(environment / "bin/uvicorn"), "tipg.main:app", "--port", str(PORTS[TIPG]), "--workers", str(WORKERS)]
    command += ["--log-level", "warning"]
    return Start(TIPG, Path(command[0]), command, f"/collections/{SCHEMA}.{TABLE}", settings)


def _martin(runner: Runner, ground: Ground) -> Start:
    program = Path(os.environ.get("MARTIN") or folder(runner) / "martin/bin/martin")
    configuration = runner.work / "martin.yaml"
    types = {field.name: field.type for field in ground.table.fields}
    source = {
        "schema": SCHEMA,
        "table": TABLE,
        "srid": 4326,
        "geometry_column": "geom",
        "geometry_type": "POINT",
        "properties": {name: _PG[types.get(name, "integer")] for name in in_tiles(ground)},
    }
    settings = {
        "listen_addresses": f"127.0.0.1:{PORTS[MARTIN]}",
        "worker_processes": WORKERS,
        "cache_size_mb": 0,
        "postgres": {"connection_string": ground.read_dsn, "tables": {TABLE: source}},
    }
    configuration.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return Start(MARTIN, program, [str(program), "--config", str(configuration)], "/health", {})


_PG = {"integer": "int4", "string": "text", "datetime": "timestamptz", "date": "date", "number": "float8"}


def in_tiles(ground: Ground) -> list[str]:
    """Return the columns that a point has in the portal's tiles."""
    return ["_id", str(ground.table.category), ground.table.time_field.name]


def _pool(name: str) -> list[str]:
    """Return gunicorn's options: as many workers and threads as the portal has."""
    workers = ["--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS)]
    return [*workers, "--bind", f"127.0.0.1:{PORTS[name]}", "--no-control-socket"]
