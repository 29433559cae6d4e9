"""Files from a real OpenSSH server: they come whole from the server that we know, or are refused in words."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import os
import socket
import stat
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from helpers.relay import relay
from helpers.sftp import PASSPHRASE, ssh_server

from ckanext.cpdi.feeds import FeedError, Unchanged, fetch
from ckanext.cpdi.feeds.files import spool as spooling_module

CSV = b"a,b\n" + b"1,2\n" * 1_500_000
LONG_AGO = datetime(2025, 11, 24, 4, tzinfo=UTC).timestamp()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ssh_server(tmp_path_factory.mktemp("sshd")) as started:
        yield started


@pytest.fixture(scope="module")
def closed_server(tmp_path_factory):
    """A server that lets us in and denies every file."""
    with ssh_server(tmp_path_factory.mktemp("closed"), "-P open") as started:
        yield started


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export" / "calls.csv"
    path.parent.mkdir()
    path.write_bytes(CSV)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


@pytest.fixture
def settings(settings, server):
    return dataclasses.replace(settings, access=server.access)


def refused(location: str, settings, **changes) -> FeedError:
    """Return the error; nothing may stay behind in the spool folder."""
    with pytest.raises(FeedError) as caught:
        fetch(location, dataclasses.replace(settings, **changes))
    assert not settings.spool_dir.exists() or list(settings.spool_dir.rglob("*")) == []
    return caught.value


def test_a_file_comes_as_it_is(settings, server, export):
    with fetch(server.url(export), settings) as spool:
        assert (spool.name, spool.size) == ("calls.csv", len(CSV))
        assert spool.version.sha256 == hashlib.sha256(CSV).hexdigest()
        assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
    assert list(settings.spool_dir.iterdir()) == []
    assert export.exists()


@pytest.mark.parametrize("name", ["calls 2026.csv", "a#b?c.csv", "calls:2026.csv", "año.csv", "%41.csv"])
def test_odd_names_of_files_work(settings, server, export, name):
    from urllib.parse import quote

    export.rename(export.parent / name)
    with fetch(f"sftp://127.0.0.1:{server.port}{quote(str(export.parent / name))}", settings) as spool:
        assert (spool.name, spool.size) == (name, len(CSV))


def test_a_key_with_a_passphrase_opens_the_door(settings, server, export):
    access = {**server.access, "key_file": str(server.folder / "locked"), "passphrase": PASSPHRASE}
    with fetch(server.url(export), dataclasses.replace(settings, access=access)) as spool:
        assert spool.size == len(CSV)


def test_one_of_several_host_keys_is_enough(settings, server, export):
    access = {**server.access, "host_key": [server.public("stranger"), server.public("host")]}
    with fetch(server.url(export), dataclasses.replace(settings, access=access)) as spool:
        assert spool.size == len(CSV)


def test_a_server_with_another_host_key_is_refused_before_anything_is_shown_to_it(settings, server, export):
    access = {**server.access, "host_key": server.public("stranger")}
    log = server.folder / "log"
    before = log.read_text().count("Accepted")
    error = refused(server.url(export), settings, access=access)
    assert error.code == "refused"
    assert "host key" in error.message
    assert log.read_text().count("Accepted") == before


@pytest.mark.parametrize(("missing", "code"), [("host_key", "refused"), ("user", "refused"), ("key_file", "status")])
def test_nothing_is_taken_from_elsewhere_where_the_settings_lack_it(
    settings, server, export, missing, code, monkeypatch, tmp_path
):
    """The account's own keys, known hosts and configuration are not the feed's."""
    home = tmp_path / "home" / ".ssh"
    home.mkdir(parents=True)
    (home / "id_ed25519").write_bytes((server.folder / "user").read_bytes())
    (home / "id_ed25519").chmod(0o600)
    (home / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {server.public('host')}")
    monkeypatch.setenv("HOME", str(home.parent))
    access = {name: value for name, value in server.access.items() if name != missing}
    assert refused(server.url(export), settings, access=access).code == code


@pytest.mark.parametrize(
    "change",
    [
        {"key_file": "stranger"},
        {"user": "nobody-of-this-name"},
        {"key_file": "", "password": "S3CRET"},
        {"key_file": "locked", "passphrase": "S3CRET"},
        {"key_file": "gone"},
        {"key_file": "log"},
        {"host_key": "S3CRET"},
        {"host_key": []},
        {"colour": "S3CRET"},
        {"user": ["S3CRET"]},
    ],
)
def test_wrong_credentials_are_told_and_shown_nowhere(settings, server, export, change, caplog):
    caplog.set_level(logging.DEBUG)
    change = {**change, **({"key_file": str(server.folder / change["key_file"])} if change.get("key_file") else {})}
    error = refused(server.url(export), settings, access={**server.access, **change})
    assert error.code in ("status", "refused")
    chain, one = [], error
    while one:
        chain.append(f"{one!r} {one}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    shown = " ".join(chain) + caplog.text
    assert "S3CRET" not in shown
    assert "nobody-of-this-name" not in shown
    assert str(server.folder) not in shown


def test_the_log_of_a_good_night_shows_no_user_and_no_path(settings, server, export, caplog):
    caplog.set_level(logging.INFO)
    with fetch(server.url(export), settings):
        pass
    assert str(server.access["user"]) not in caplog.text
    assert "calls.csv" not in caplog.text


def test_a_file_that_is_not_there_is_missing(settings, server, export):
    assert refused(server.url(export.parent / "other.csv"), settings).code == "missing"
    assert refused(server.url(export / "x.csv"), settings).code in ("missing", "unreachable")


def test_a_file_that_may_not_be_read_is_told(settings, closed_server, export):
    error = refused(closed_server.url(export), settings, access=closed_server.access)
    assert error.code == "status"
    assert "rights" in error.message


def test_a_folder_or_a_pipe_in_place_of_a_file_is_refused_without_waiting(settings, server, export):
    os.mkfifo(export.parent / "pipe.csv")
    for path in (export.parent, export.parent / "pipe.csv"):
        assert refused(server.url(path), settings).code == "refused"


def test_a_file_that_is_too_large_is_refused_unread(settings, server, export):
    assert refused(server.url(export), settings, max_bytes=len(CSV) - 1).code == "too_large"


def grown(path) -> None:
    with path.open("ab") as file:
        file.write(b"3,4\n")


def rewritten(path) -> None:
    path.write_bytes(CSV)


def cut(path) -> None:
    os.truncate(path, 100)


def replaced(path) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_bytes(CSV)
    fresh.rename(path)


@pytest.mark.parametrize("change", [grown, rewritten, cut, replaced])
def test_a_file_that_is_written_to_while_it_is_read_is_refused(settings, server, export, change, monkeypatch):
    real = spooling_module.SpoolWriter.write
    done = []

    def writing(self, data):
        if not done:
            done.append(change(export))
        real(self, data)

    monkeypatch.setattr(spooling_module.SpoolWriter, "write", writing)
    assert refused(server.url(export), settings).code == "changed"


def test_a_connection_that_breaks_is_tried_again_until_the_file_is_whole(settings, server, export):
    with relay(server.port) as line:
        line.most, line.times = 1 << 20, 2
        with fetch(server.url(export, line.port), settings) as spool:
            assert spool.version.sha256 == hashlib.sha256(CSV).hexdigest()
        assert line.connections == 3


def test_a_connection_that_breaks_every_time_is_given_up(settings, server, export):
    with relay(server.port) as line:
        line.most = 1 << 20
        assert refused(server.url(export, line.port), settings).code == "unreachable"
        assert line.connections == 3


@pytest.mark.parametrize("after", [0, 100, 2500, 1 << 20])
def test_a_server_that_stalls_is_cut_at_the_deadline(settings, server, export, after):
    """While it greets, while keys are agreed on, while it is asked, while it sends."""
    begin = time.monotonic()
    with relay(server.port) as line:
        line.most, line.stalls = after, True
        assert refused(server.url(export, line.port), settings, deadline_seconds=2).code == "timeout"
    assert time.monotonic() - begin < 10


def test_what_is_no_ssh_server_is_unreachable(settings, server, export):
    with socket.create_server(("127.0.0.1", 0)) as web:

        def answer():
            for _ in range(3):
                connection, _ = web.accept()
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.close()

        threading.Thread(target=answer, daemon=True).start()
        assert refused(server.url(export, web.getsockname()[1]), settings).code == "unreachable"


def test_nobody_listening_is_unreachable(settings, server, export):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refused(server.url(export, port), settings).code == "unreachable"


def test_a_host_inside_the_network_is_refused_unless_it_is_listed(settings, server, export):
    error = refused(server.url(export), settings, allowed_hosts=())
    assert (error.code, "public internet" in error.message) == ("refused", True)
    with fetch(server.url(export), dataclasses.replace(settings, allowed_hosts=(f"127.0.0.1:{server.port}",))):
        pass


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(settings, server, export, monkeypatch):
    real, asked = socket.getaddrinfo, []

    def answering(host, *args, **more):
        asked.append(host)
        return real("127.0.0.1" if host == "files.test" else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answering)
    location = f"sftp://files.test:{server.port}{export}"
    with fetch(location, dataclasses.replace(settings, allowed_hosts=("files.test",))) as spool:
        assert spool.size == len(CSV)
    assert asked.count("files.test") == 1


@pytest.mark.parametrize(
    "location",
    ["sftp://", "sftp:///calls.csv", "sftp://host", "sftp://host/", "sftp://host/folder/", "sftp://host:99999/x.csv"],
)
def test_a_location_that_names_no_host_and_file_is_refused(settings, location):
    assert refused(location, settings).code == "refused"


def test_a_user_in_the_address_is_refused(settings, server, export):
    error = refused(server.url(export).replace("://", "://us3r:S3CRET@"), settings)
    assert error.code == "refused"
    assert "S3CRET" not in error.message


def test_an_unchanged_file_is_not_read_again(settings, server, export):
    with fetch(server.url(export), settings) as known:
        pass
    with relay(server.port) as line:
        line.most = 1 << 20
        with pytest.raises(Unchanged):
            fetch(server.url(export, line.port), settings, known.version)
    os.utime(export, (LONG_AGO + 1, LONG_AGO + 1))
    with fetch(server.url(export), settings, known.version) as spool:
        assert spool.size == len(CSV)


def test_a_file_of_the_same_time_and_another_size_is_another_one(settings, server, export):
    with fetch(server.url(export), settings) as known:
        pass
    export.write_bytes(CSV + b"3,4\n")
    os.utime(export, (LONG_AGO, LONG_AGO))
    with fetch(server.url(export), settings, known.version) as spool:
        assert spool.size == len(CSV) + 4


def test_the_time_of_a_file_that_was_written_just_now_is_not_trusted(settings, server, export):
    """It counts seconds: the file may be written again under the same time."""
    for age, trusted in ((5, False), (3600, True), (-3600, False)):
        then = (datetime.now(UTC) - timedelta(seconds=age)).timestamp()
        os.utime(export, (then, then))
        with fetch(server.url(export), settings) as spool:
            assert bool(spool.version.etag) is trusted
