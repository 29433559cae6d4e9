"""Secrets planted in a feed are sought in everything that the system wrote: none is found, and what is planted is.

Nights of calls and of citations that publish, change, fail and are held bring rows whose raw values are marked unlike
anything else.
"""

from __future__ import annotations

import gzip
import io
import logging
import secrets
import string
import tempfile
import time
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import polars as pl
import psycopg
import pytest
import redis
from ckan.lib.search import index_for
from helpers import datastore, harvest, haystack, mail, needles
from helpers.feeds import CITATION, DATASET, HEADER, write_calls, write_citations
from helpers.help import HELP
from helpers.web import serving

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.jobs import load, tick
from ckanext.cpdi.jobs.worker import Worker

ZONE = "America/New_York"
TABLE = resource_id(DATASET)
COLUMNS = f"{HEADER},Caller_Name"
DOMESTIC, QUARREL, STOP = "114D_Domestic Verbal", "113D_Disturbance Verbal Small", "Traffic Stop"
CITATIONS = "electronic-citations"
JUVENILE, PATROL = "LJ_Juv Released to Parent", "LPA_Patrol Area"
PLAIN = {"Response_Date": "03/04/2025 10:00:00", "Time_CallClosed": "03/04/2025 10:59:00"}
PAGES = [
    "/",
    *HELP,
    "/status",
    f"/dataset/{DATASET}",
    f"/dataset/{DATASET}/resource/{TABLE}",
    f"/dataset/activity/{DATASET}",
    f"/datastore/dictionary/{DATASET}",
    f"/data/{DATASET}.csv",
    "/harvest",
    "/harvest/night",
    "/harvest/night/job",
    "/data.json",
    "/healthz",
    f"/api/3/action/package_show?id={DATASET}",
    f"/api/3/action/package_activity_list?id={DATASET}",
    "/api/3/action/harvest_source_show?id=night",
    "/api/3/action/package_search?q=*:*&rows=100",
    f"/api/3/action/datastore_search?resource_id={TABLE}&limit=1000",
    f"/api/3/action/datastore_search?resource_id={TABLE}&limit=1000&language=english&plain=true&q=block",
    f"/api/3/action/datastore_info?id={TABLE}",
    f"/dataset/{CITATIONS}",
    f"/data/{CITATIONS}.csv",
    f"/data/{CITATIONS}/all.csv",
    f"/data/{CITATIONS}/all.geojson",
    f"/api/3/action/datastore_search?resource_id={resource_id(CITATIONS)}&limit=1000",
]


def letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(count))


def odd_degrees(near: float) -> float:
    """Seven digits, of which the last is no zero, so that they are written alike whoever writes them; the fifth is
    neither, so that rounding gives no coordinate of another row.
    """
    return round(near + secrets.randbelow(100) / 1e4 + 3e-5 + secrets.randbelow(40) / 1e6 + 3e-7, 7)


@dataclass
class Marks:
    """This run's secrets, other ones every time: the disk remembers those of earlier runs."""

    word: str = field(default_factory=lambda: f"zq{letters(12)}")
    street: str = field(default_factory=lambda: f"Zy{letters(6)}")
    house: str = field(default_factory=lambda: str(50_000 + secrets.randbelow(9_000)))
    risen: str = field(default_factory=lambda: f"R-{secrets.randbelow(10**12):012}")
    minute: datetime = field(
        default_factory=lambda: (
            # Not on the hour, as coarse rows are written, and not past ten, when plain calls came in.
            datetime(2025, 3, 2, 1, 7, 41, tzinfo=ZoneInfo(ZONE))
            + timedelta(hours=secrets.randbelow(8), minutes=secrets.randbelow(50))
        )
    )
    longitude: float = field(default_factory=lambda: -odd_degrees(79.93))
    latitude: float = field(default_factory=lambda: odd_degrees(32.78))

    @property
    def never(self) -> needles.Needles:
        """What must be written nowhere, not even for a moment."""
        return needles.Needles.of(
            {
                "word": needles.text(self.word),
                "house": [*needles.house(self.house, self.street), *needles.text(f"{self.house} ")],
                "minute": needles.minute(self.minute, ZONE),
                "point": needles.point(self.longitude, self.latitude),
            }
        )

    @property
    def no_more(self) -> needles.Needles:
        """What was public, and is to be gone from all that is served since its row's class rose."""
        return needles.Needles.of({"risen": needles.text(self.risen)})

    def call(self, number: str, problem: str, address: str = "", **other: str) -> str:
        """A line of the feed."""
        cells = {
            "Master_Incident_Number": number,
            "Response_Date": f"{self.minute:%m/%d/%Y %H:%M:%S}",
            "Problem": problem,
            "Address": address,
            "Call_Disposition": PATROL,
            "Time_CallClosed": f"{self.minute:%m/%d/%Y %H:%M}:59",
            "LONGITUDE": f"{self.longitude:.7f}",
            "LATITUDE": f"{self.latitude:.7f}",
            "Caller_Name": f"{self.word} Doe",
        } | other
        return ",".join(cells[name] for name in COLUMNS.split(","))

    def near(self, degrees: float) -> dict[str, str]:
        """A place some steps from the marked one: a row whose point lies far from its address would show another."""
        return {"LONGITUDE": f"{self.longitude + degrees:.4f}", "LATITUDE": f"{self.latitude + degrees:.4f}"}

    def block(self) -> list[str]:
        """Nine open calls at as many houses of one block, so that it has a name to show; one of them is marked."""
        around = self.near(0.0004)
        first = int(self.house) // 100 * 100
        houses = [one for one in range(first, first + 90, 10) if str(one) != self.house][:8]
        return [self.call(f"25-9{one}", STOP, f"{one} {self.street} St", **PLAIN, **around) for one in houses] + [
            self.call("25-900001", STOP, f"{self.house} {self.street} St", **PLAIN)
        ]

    def typed(self) -> list[str]:
        """Open calls whose addresses hold a name: behind nine numbers of one block, and beside a crossing."""
        around = self.near(0.0005)
        addresses = [f"{number} {self.word} Family Residence" for number in range(1, 10)]
        addresses.append(f"{self.street} St / {self.word} Home")
        return [self.call(f"25-9100{place:02}", STOP, one, **PLAIN, **around) for place, one in enumerate(addresses)]

    def rows(self, quarrel: str = QUARREL) -> list[str]:
        """Rows of every class and every fault, each with what must not be seen."""
        house = f"{self.house} {self.street} St"
        return [
            *self.block(),
            *self.typed(),
            self.call(f"S-{self.word}", DOMESTIC, house),
            self.call(f"J-{self.word}", STOP, house, Call_Disposition=JUVENILE),
            self.call(f"U-{self.word}", f"{self.word} nobody judged", house),
            self.call(self.risen, quarrel, house),
            self.call("25-900002", STOP, house, Response_Date=f"{self.word} o'clock"),
            self.call("25-900003", STOP, house, Response_Date="01/01/20260 10:00:00"),
            self.call("25-900004", STOP, f"{self.word} {'x' * 300_000}"),
            self.call("25-900005", STOP, f"{self.word} \0 St"),
            self.call("25-900006", STOP, house, LONGITUDE=self.word, **PLAIN),
            self.call("25-900007", STOP, house, LONGITUDE="12.5"),
            self.call("", STOP, house),
            self.call("25-900008", STOP, house) + f",{self.word},{self.word}",
            self.call(f"{self.word} {'9' * 80}", STOP, house),
            self.call(f"{self.word} Doe", STOP, house, **PLAIN),
        ]

    def citations(self) -> list[dict[str, str]]:
        """Citations of every outcome; of each its number, person, unit and call are secrets, too."""
        whole = {
            "Citation_Number": self.word,
            "ViolationDate": f"{self.minute:%m/%d/%Y %H:%M:%S}",
            "Unit": f"{self.word}1",
            "Person_Key": f"{self.word}2",
            "Incident_Number": f"{self.word}3",
            "Subject_Name": f"{self.word} Doe",
            "Address": f"{self.house} {self.street} St",
            "X": f"{self.longitude:.7f}",
            "Y": f"{self.latitude:.7f}",
        }
        odd = [
            {},
            {"Age": "16"},
            {"X": "", "Y": ""},
            {"ViolationDate": f"{self.word} o'clock"},
            {"Address": f"{self.word} \0 St"},
            {"Violation": f"{self.word} in words"},
            {"Statute": self.word},
            {"Violation": f"{self.word} {'x' * 300}"},
            {"Race": self.word, "Age": self.word},
            {"X": self.word},
        ]
        return [{**whole, "Citation_Number": f"{self.word}{number}", **one} for number, one in enumerate(odd)]


class Export:
    """A department's export, which wants a credential, and says whatever ``body`` is."""

    def __init__(self) -> None:
        self.body, self.status = b"", 200
        self.credentials: set[str | None] = set()

    def __call__(self, request) -> None:
        self.credentials.add(request.headers["X-Api-Key"])
        request.send(self.body, self.status)


@pytest.fixture
def marks() -> Marks:
    return Marks()


@pytest.fixture
def logs():
    """All that is logged from here on, tracebacks included."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    with ExitStack() as after:
        for name, level in (("", logging.INFO), ("ckan", logging.DEBUG), ("ckanext", logging.DEBUG)):
            logger = logging.getLogger(name)
            after.callback(logger.setLevel, logger.level)
            after.callback(logger.removeHandler, handler)
            logger.setLevel(level)
            logger.addHandler(handler)
        yield written


@dataclass
class World:
    """A portal whose every trace can be walked."""

    app: object
    folders: dict[str, Path]
    logs: io.StringIO
    inbox: mail.Inbox
    cluster: haystack.Cluster
    since: float
    staff: dict[str, str]
    paths: list[str] = field(default_factory=lambda: list(PAGES))

    def served(self) -> haystack.Hay:
        """What somebody can be given: files, pages for anybody and for staff, the search index, the tables."""
        yield from haystack.files(self.folders["files"])
        yield from haystack.pages(self.app, self.paths)
        yield from haystack.pages(self.app, self.paths, **self.staff)
        yield from haystack.in_solr(self.since)

    def kept(self) -> haystack.Hay:
        """What else was written since the portal was there, but for dumps and the feed where it came from."""
        yield from haystack.tables()
        yield from haystack.files(self.folders["private"])
        yield from haystack.files(self.folders["temporary"])
        yield from haystack.files(Path(tk.config["ckan.storage_path"]), self.since)
        yield from haystack.in_redis(self.since)
        yield "the portal's logs", self.logs.getvalue().encode()
        for one in self.inbox.mails:
            yield "a mail", one.as_bytes() + one.get_content().encode()
        yield from self.cluster.hay(self.since)


@pytest.fixture
def world(portal, clean_queues, app, folders, logs, tmp_path, sysadmin, ckan_config, monkeypatch):
    folders["temporary"] = tmp_path / "temporary"
    folders["temporary"].mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folders["temporary"]))
    cluster = haystack.Cluster()
    cluster.open()
    with mail.server() as inbox:
        monkeypatch.setitem(ckan_config, "smtp.server", inbox.address)
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@example.org")
        monkeypatch.setitem(ckan_config, "ckanext.cpdi.alert_to", ["records@example.org"])
        since = time.time() - 1
        yield World(app, folders, logs, inbox, cluster, since, sysadmin["headers"])
    cluster.close()


@pytest.fixture
def export(world, marks, tmp_path, ckan_config, monkeypatch):
    made = Export()
    with serving(made) as server:
        credentials = tmp_path / "credentials.yaml"
        credentials.write_text(f"http://{server.host}: {{headers: {{X-Api-Key: {marks.word}}}}}\n", encoding="utf-8")
        monkeypatch.setitem(ckan_config, "ckanext.cpdi.feeds.credentials_file", str(credentials))
        monkeypatch.setitem(ckan_config, "ckanext.cpdi.feeds.allowed_hosts", [server.host])
        made.url = f"http://{server.host}/calls.csv"
        yield made


def text(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


def plain(tmp_path: Path, numbers: range) -> list[str]:
    """Calls that have nothing to hide."""
    lines = write_calls(tmp_path / "plain.csv", numbers).read_text(encoding="utf-8").splitlines()[1:]
    return [f"{line}," for line in lines]


def nights(world: World, export: Export, marks: Marks, tmp_path: Path) -> list[str]:
    """Run nights of every kind; give how each ended."""
    refused = {
        "name": "refused",
        "title": "Refused",
        "source_type": "cpdi_cad",
        "url": f"{export.url}?token={marks.word}",
    }
    world.app.post("/harvest/new", data=refused, headers=world.staff)
    with pytest.raises(tk.ValidationError):
        harvest.source(f"{export.url}?token={marks.word}", name="refused")
    source, states = harvest.source(export.url), []

    def night(*lines: str, body: bytes = b"", status: int = 200) -> None:
        export.body, export.status = body or text(*lines), status
        job = harvest.start(source)
        Worker().run(drain=True)
        world.paths.append(f"/harvest/night/job/{job}")
        world.paths.append(f"/api/3/action/harvest_job_show?id={job}")
        with psycopg.connect(datastore.dsn()) as connection:
            run, state = connection.execute("SELECT id, state FROM cpdi.run ORDER BY id DESC LIMIT 1").fetchone()
        world.paths.append(f"/status/runs/{run}")
        states.append(state)

    calls = plain(tmp_path, range(1, 301))
    night(COLUMNS, *calls, *marks.rows())
    night(COLUMNS, *calls[2:], calls[0].replace(PATROL, "LADV_Advice Given"), *marks.rows(quarrel=DOMESTIC))
    night(*marks.rows())  # the line of headers is gone: a row stands in its place
    night(COLUMNS, *calls[:5], *marks.block()[:3])
    night(f"{COLUMNS},Caller_Phone", *(f"{one}," for one in marks.rows()))
    night(body=f"<!DOCTYPE html><html><body>{marks.word} is not signed in</body></html>".encode())
    night(body=marks.word.encode(), status=403)
    load.run(DATASET, f"{export.url}?token={marks.word}", label="by hand")
    export.status = 200
    load.run(DATASET, f"{export.url}?token={marks.word}", label="by hand")
    tick.tick()
    return states


def citations(world: World, export: Export, marks: Marks, tmp_path: Path) -> list[str]:
    """Run a night of citations, and one in which a person turns out to be under age; give how each ended."""
    source = harvest.source(
        export.url.replace("calls", "citations"), "", source_type="cpdi_citations", name="tickets", title="Tickets"
    )
    plain = [{"Citation_Number": f"E-{number}", "Person_Key": str(number)} for number in range(50)]
    states = []
    for first in ({}, {"Age": "17"}):
        rows = marks.citations()
        export.body = write_citations(
            tmp_path / "tickets.csv", [CITATION, *plain, rows[0] | first, *rows[1:]]
        ).read_bytes()
        job = harvest.start(source)
        Worker().run(drain=True)
        world.paths.append(f"/harvest/tickets/job/{job}")
        with psycopg.connect(datastore.dsn()) as connection:
            run, state = connection.execute("SELECT id, state FROM cpdi.run ORDER BY id DESC LIMIT 1").fetchone()
        world.paths.append(f"/status/runs/{run}")
        states.append(state)
    return states


@pytest.mark.usefixtures("with_plugins")
def test_no_secret_of_a_feed_is_in_anything_that_was_written(world, export, marks, tmp_path, capfd):
    states = nights(world, export, marks, tmp_path)
    assert states == ["published", "published", "failed", "held", "held", "failed", "failed"]
    assert export.credentials == {marks.word}
    assert citations(world, export, marks, tmp_path) == ["published", "published"]
    assert {"/", f"/data/{DATASET}.csv", f"/data/{CITATIONS}/all.csv"} <= {
        one for one in world.paths if world.app.get(one).status_code == 200
    }
    assert f"{marks.street} St".encode() in world.app.get(f"/data/{DATASET}.csv").get_data()
    assert f"{marks.street} St".encode() in world.app.get(f"/data/{CITATIONS}/all.csv").get_data()
    public = [*world.served(), *haystack.dumps()]
    assert marks.no_more.found(public) == []
    assert marks.never.found(chain(public, world.kept())) == []
    answer = tk.get_action("datastore_search")({"ignore_auth": True}, {"resource_id": TABLE, "q": marks.word})
    assert answer["total"] == 0
    printed = capfd.readouterr()
    assert marks.never.found([("standard output", f"{printed.out}{printed.err}".encode())]) == []
    assert len(world.inbox.mails) >= 2
    if world.cluster.missing:
        pytest.skip(world.cluster.missing)


def plant(world: World, marks: Marks) -> None:
    """Put the secrets where nothing of ours does."""
    with psycopg.connect(datastore.dsn()) as connection:
        connection.execute("CREATE TABLE cpdi.planted (word text, moment timestamptz, x float8, words tsvector)")
        values = (marks.word, marks.minute, marks.longitude, marks.word)
        connection.execute("INSERT INTO cpdi.planted VALUES (%s, %s, %s, to_tsvector(%s))", values)
    files = world.folders["files"]
    house = f"{marks.house} {marks.street} St"
    (files / "planted.csv.gz").write_bytes(gzip.compress(house.upper().encode()))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("planted.txt", f"{marks.minute:%m/%d/%Y %H:%M:%S}")
    with zipfile.ZipFile(files / "planted.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("planted.kmz", inner.getvalue())
    pl.DataFrame({"y": [marks.latitude], "word": [marks.word]}).write_parquet(files / "planted.parquet")
    (world.folders["private"] / marks.word).touch()
    (world.folders["temporary"] / "planted").write_text(marks.word, encoding="utf-16")
    redis.Redis.from_url(tk.config["ckan.redis.url"]).hset("planted", "word", marks.word)
    logging.getLogger("ckanext.cpdi.planted").debug("a line about %s", marks.word)
    tk.get_action("package_patch")(portal_user(), {"id": DATASET, "notes": f"A page about {marks.word}"})
    index_for("Package").commit()


@pytest.mark.usefixtures("with_plugins")
def test_a_planted_secret_is_found_wherever_it_lies(world, marks, ckan_config):
    from ckan.lib.mailer import mail_recipient

    plant(world, marks)
    mail_recipient("Somebody", "records@example.org", "Planted", f"A mail about {marks.word}")
    try:
        seen = marks.never.found(chain(world.served(), haystack.dumps(), world.kept()))
    finally:
        datastore.execute("DROP TABLE cpdi.planted")
        redis.Redis.from_url(tk.config["ckan.redis.url"]).delete("planted")
    files = world.folders["files"]
    assert {
        ("word", "table datastore.cpdi.planted"),
        ("minute", "table datastore.cpdi.planted"),
        ("point", "table datastore.cpdi.planted"),
        ("word", "dump of datastore"),
        ("word", "table ckan.public.package"),
        ("word", "dump of ckan"),
        ("house", f"{files}/planted.csv.gz (gunzipped)"),
        ("minute", f"{files}/planted.zip » planted.kmz » planted.txt"),
        ("point", f"{files}/planted.parquet » y"),
        ("word", "a file's name"),
        ("word", str(world.folders["temporary"] / "planted")),
        ("word", f"redis db{tk.config['ckan.redis.url'].rpartition('/')[2]} planted"),
        ("word", "the portal's logs"),
        ("word", "a mail"),
        ("word", "solr: every document"),
        ("word", f"page /dataset/{DATASET}"),
        ("word", f"page /api/3/action/package_show?id={DATASET}"),
    } <= set(seen)
    if world.cluster.missing:
        pytest.skip(world.cluster.missing)
    disk = {(name, Path(place).parent.name) for name, place in seen if place.startswith(str(world.cluster.folder))}
    assert {("word", "pg_wal"), ("minute", "pg_wal"), ("point", "pg_wal")} <= disk
    assert len({folder for name, folder in disk if name == "word"}) >= 3  # both databases' own, beside the WAL
