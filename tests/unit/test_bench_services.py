"""How ``make bench`` asks the services and others: turn by turn, with answers that are looked at."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bench.entry import Entry, Missing
from bench.process import CommandError, Runner
from bench.services import limits, peers
from bench.services.client import Client, throughput
from bench.services.ground import spread
from bench.services.race import OURS, Race, Request, Took, features, percentile, race

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(asked: list[str]) -> Iterator[str]:
    """Run a server that has two features at ``/good``, one at ``/short``, and nothing elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            number = {"/good": 2, "/short": 1}.get(self.path)
            body = json.dumps({"features": [{}] * (number or 0)}).encode()
            self.send_response(404 if number is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def url(asked: list[str]) -> Iterator[str]:
    with serving(asked) as at:
        yield at


def test_servers_are_asked_turn_by_turn(url: str, asked: list[str]):
    with serving(asked) as other:
        race({OURS: Request(url, "/good"), "other": Request(other, "/short")}, 3)
    assert asked[-6:] == ["/good", "/short"] * 3


def test_an_answer_that_is_too_short_or_none_is_not_measured(url: str):
    asked = {"whole": "/good", "short": "/short", "none": "/nowhere"}
    outcome = race({name: Request(url, path, features(2)) for name, path in asked.items()}, 2)
    assert outcome.took.keys() == {"whole"}
    assert outcome.missing == {"short": "1 features, not 2", "none": "answered 404 at /nowhere"}


def test_a_server_that_is_not_there_is_told_and_ends_nothing(url: str):
    outcome = race({OURS: Request(url, "/good"), "gone": Request("http://127.0.0.1:9", "/good")}, 2)
    entry, missing = outcome.entries("a page", peers={"gone": 0.5})
    assert isinstance(entry, Entry)
    assert entry.peer is None
    assert isinstance(missing, Missing)
    assert str(missing).startswith("not measured: a page: gone: ")


def test_the_portal_stands_beside_floor_and_every_peer():
    outcome = Race({OURS: Took([2.0]), "bare": Took([1.0]), "Koop": Took([8.0]), "tipg": Took([20.0])})
    first, second = outcome.entries("a page", floor=("bare", 1.5), peers={"Koop": 0.5, "tipg": 0.05})
    assert isinstance(first, Entry)
    assert first.as_dict()["floor"]["ratio"] == 2
    assert first.as_dict()["peer"]["ratio"] == 0.25
    assert first.reached is False
    assert isinstance(second, Entry)
    assert second.as_dict()["peer"] == {"name": "tipg", "value": 20.0, "bar": 0.05, "ratio": 0.1, "reached": False}


def test_an_entry_of_a_service_that_is_away_is_missing():
    (missing,) = Race({}, {OURS: "answered 404 at /tiles"}).entries("tiles", bar=100)
    assert missing == Missing("tiles", "answered 404 at /tiles")


def test_throughput_counts_whole_answers_and_ends_at_refused_ones(url: str):
    assert throughput(url, ["/good"], clients=2, seconds=0.2) > 0
    with pytest.raises(CommandError, match="404"):
        throughput(url, ["/good", "/nowhere"], clients=2, seconds=0.2)


def test_a_stream_is_handed_on_and_counted(url: str):
    parts: list[bytes] = []
    answer = Client(url).stream("/good", parts.append)
    assert answer.size == len(b"".join(parts)) == len('{"features": [{}, {}]}')
    assert 0 < answer.first <= answer.total


@pytest.mark.parametrize(
    ("values", "number", "expected"), [([7.0], 95, 7.0), ([float(n) for n in range(101)], 95, 95.0)]
)
def test_percentile(values: list[float], number: int, expected: float):
    assert percentile(values, number) == expected


def test_tiles_are_chosen_from_the_fullest_to_the_emptiest():
    every = [(14, number, 0) for number in range(100)]
    assert spread(every, 4) == [every[0], every[25], every[50], every[75]]
    assert spread(every[:3], 4) == every[:3]


def test_a_peer_that_is_not_installed_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MARTIN", str(tmp_path / "nowhere"))
    begin = peers.Start("Martin", tmp_path / "nowhere", ["false"], "/", {})
    with pytest.raises(CommandError, match="not installed"):
        peers.installed(begin)
    assert peers.folder(Runner(tmp_path / "bench.ini", tmp_path / "work")) == tmp_path


def test_limits_of_the_benchmark_are_settings_of_the_portal():
    declared = (ROOT / "ckanext/cpdi/config_declaration.yaml").read_text(encoding="utf-8")
    assert [name for name in limits.OFF if f"key: {name}\n" not in declared] == []
