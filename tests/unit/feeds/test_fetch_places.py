"""Feeds from the drop folder and from the operator's own hand, and the spool folder that keeps them."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.cpdi.feeds import FeedError, Unchanged, fetch, local
from ckanext.cpdi.feeds.files import spool as spooling_module
from ckanext.cpdi.feeds.files.spool import disk_errors, spooling, sweep

CSV = b"a,b\n1,2\n"


@pytest.fixture
def drop(settings, tmp_path):
    """A drop folder with a file in it, and a secret beside it."""
    settings.drop_dir.mkdir()
    (settings.drop_dir / "calls.csv").write_bytes(CSV)
    (settings.drop_dir / "sub").mkdir()
    (settings.drop_dir / "sub" / "calls.csv").write_bytes(CSV)
    (tmp_path / "secret.csv").write_bytes(b"secret\n")
    (tmp_path / "drop-not").mkdir()
    (tmp_path / "drop-not" / "secret.csv").write_bytes(b"secret\n")
    return settings.drop_dir


@pytest.mark.parametrize("name", ["calls.csv", "sub/calls.csv", "./calls.csv"])
def test_a_file_of_the_drop_folder_is_copied_and_left_there(settings, drop, name):
    with fetch(f"drop:{name}", settings) as spool:
        assert spool.path.read_bytes() == CSV
        assert spool.path != drop / name
        assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
        assert (spool.name, spool.version.sha256) == ("calls.csv", hashlib.sha256(CSV).hexdigest())
    assert not spool.path.exists()
    assert (drop / name).exists()


def test_a_link_inside_the_drop_folder_is_followed(settings, drop):
    (drop / "latest.csv").symlink_to("calls.csv")
    with fetch("drop:latest.csv", settings) as spool:
        assert spool.path.read_bytes() == CSV


@pytest.mark.parametrize(
    "name", ["../secret.csv", "sub/../../secret.csv", "/etc/passwd", "a\0b", "..", "../drop-not/secret.csv", "", "."]
)
def test_a_name_that_leads_out_of_the_drop_folder_is_refused(settings, drop, name):
    with pytest.raises(FeedError) as caught:
        fetch(f"drop:{name}", settings)
    assert caught.value.code == "refused"


def test_a_link_that_leads_out_of_the_drop_folder_is_refused(settings, drop, tmp_path):
    (drop / "out.csv").symlink_to(tmp_path / "secret.csv")
    (drop / "folder").symlink_to(tmp_path)
    (drop / "beside").symlink_to(tmp_path / "drop-not")
    for name in ("out.csv", "folder/secret.csv", "beside/secret.csv"):
        with pytest.raises(FeedError) as caught:
            fetch(f"drop:{name}", settings)
        assert caught.value.code == "refused"


def test_a_pipe_or_a_folder_in_place_of_a_file_is_refused_without_waiting(settings, drop):
    os.mkfifo(drop / "pipe.csv")
    for name in ("pipe.csv", "sub"):
        with pytest.raises(FeedError) as caught:
            fetch(f"drop:{name}", settings)
        assert caught.value.code == "refused"


def test_a_file_that_is_not_there_is_missing(settings, drop):
    with pytest.raises(FeedError) as caught:
        fetch("drop:other.csv", settings)
    assert caught.value.code == "missing"


def test_without_a_drop_folder_nothing_can_be_taken_from_it(settings):
    with pytest.raises(FeedError) as caught:
        fetch("drop:calls.csv", dataclasses.replace(settings, drop_dir=None))
    assert caught.value.code == "refused"


def test_a_file_of_the_drop_folder_that_is_too_large_is_refused(settings, drop):
    with pytest.raises(FeedError) as caught:
        fetch("drop:calls.csv", dataclasses.replace(settings, max_bytes=7))
    assert caught.value.code == "too_large"


def test_an_unchanged_file_of_the_drop_folder_is_known(settings, drop):
    with fetch("drop:calls.csv", settings) as known:
        pass
    with pytest.raises(Unchanged):
        fetch("drop:calls.csv", settings, known.version)
    assert list(settings.spool_dir.iterdir()) == []
    (drop / "calls.csv").write_bytes(CSV + b"3,4\n")
    with fetch("drop:calls.csv", settings, known.version) as spool:
        assert spool.size == len(CSV) + 4


def test_a_file_that_is_still_being_written_is_refused(settings, drop, monkeypatch):
    real = spooling_module.SpoolWriter.write

    def growing(self, data):
        with (drop / "calls.csv").open("ab") as file:
            file.write(b"3,4\n")
        real(self, data)

    monkeypatch.setattr(spooling_module.SpoolWriter, "write", growing)
    with pytest.raises(FeedError) as caught:
        fetch("drop:calls.csv", settings)
    assert caught.value.code == "changed"
    assert list(settings.spool_dir.iterdir()) == []


def test_a_local_file_is_read_in_place_and_never_removed(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(CSV)
    with local(path) as spool:
        assert (spool.path, spool.name, spool.size) == (path, "mine.csv", len(CSV))
        assert spool.version.sha256 == hashlib.sha256(CSV).hexdigest()
    with pytest.raises(Unchanged):
        local(path, previous=spool.version)
    assert path.exists()


def test_a_local_file_that_cannot_be_read_is_missing(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(FeedError) as caught:
            local(path)
        assert caught.value.code == "missing"


def test_a_spool_that_is_not_finished_leaves_nothing(tmp_path):
    with pytest.raises(FeedError), spooling(tmp_path, 8) as writer:  # noqa: PT012
        writer.write(b"a secret")
        writer.write(b"!")
    assert list(tmp_path.iterdir()) == []


def test_the_spool_folder_of_a_killed_process_is_cleared_and_that_of_a_living_one_is_not(tmp_path, settings):
    hold = (
        "import sys, time, pathlib\nfrom ckanext.cpdi.feeds.files.spool import SpoolFolder, SpoolWriter\n"
        "writer = SpoolWriter(SpoolFolder(pathlib.Path(sys.argv[1])), 100)\n"
        "writer.write(b'12 Secret St')\nwriter.close()\nprint(writer.path, flush=True)\ntime.sleep(60)"
    )
    spool = settings.spool_dir
    (spool / "other").mkdir(parents=True)
    runs = [
        subprocess.Popen([sys.executable, "-c", hold, str(spool)], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    killed, living = (Path(run.stdout.readline().strip()) for run in runs)
    try:
        assert stat.S_IMODE(killed.stat().st_mode) == 0o600
        assert sweep(spool) == 0
        runs[0].kill()
        runs[0].wait()
        with pytest.raises(FeedError):  # nothing is fetched: the file is gone all the same, however young
            fetch("drop:missing.csv", settings)
        assert not killed.exists()
        assert living.read_bytes() == b"12 Secret St"
    finally:
        for run in runs:
            run.kill()
            run.wait()
            run.stdout.close()
    assert sweep(spool) == 1
    assert {path.name for path in spool.iterdir()} == {"other"}
    assert sweep(tmp_path / "nowhere") == 0


def test_deleting_a_spool_twice_does_no_harm(tmp_path):
    with spooling(tmp_path, 100) as writer:
        spool = writer.spool("x")
    spool.delete()
    spool.delete()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_in_words():
    with pytest.raises(FeedError) as caught, disk_errors():
        raise OSError(errno.ENOSPC, "No space left on device", "/private/path")
    assert caught.value.code == "no_room"
    assert "disk is full" in caught.value.message
    assert "/private" not in caught.value.message


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="/dev/full is a disk that is always full")
def test_a_disk_that_fills_while_writing_is_told_in_words(tmp_path):
    with pytest.raises(FeedError) as caught, spooling(tmp_path, 1 << 30) as writer:  # noqa: PT012
        writer._file.close()
        writer._file = Path("/dev/full").open("wb")  # noqa: SIM115
        writer.write(bytes(1 << 20))
    assert caught.value.code == "no_room"
    assert list(tmp_path.iterdir()) == []


def test_a_spool_folder_that_cannot_be_made_is_told_in_words(settings, tmp_path, drop):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FeedError) as caught:
        fetch("drop:calls.csv", dataclasses.replace(settings, spool_dir=tmp_path / "file" / "spool"))
    assert caught.value.code == "no_room"
