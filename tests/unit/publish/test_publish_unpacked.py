"""Plain copies of packed files: made once, bounded, and gone with the file."""

import os
import shutil
from types import SimpleNamespace

import pytest

from ckanext.cpdi.publish import snapshot_store, unpacked
from ckanext.cpdi.publish.packed import Packer

MOST = 10_000


@pytest.fixture
def put(tmp_path):
    """Puts a packed file of 4,000 bytes on the shelf."""

    def made(year, letter=b"x"):
        path = tmp_path / "calls" / f"{year}.20261124-7.0123456789ab.csv.gz"
        path.parent.mkdir(exist_ok=True)
        with Packer(path) as packer:
            packer.add(letter * 4000)
        return snapshot_store.find(tmp_path, "calls", "csv", year)

    return made


def copies(folder):
    return sorted(path.name[:5] for path in (folder / "calls").glob(".2*"))


def test_a_copy_has_the_content_and_is_made_once(put, tmp_path):
    snapshot = put(2024)
    copy = unpacked.copy_of(snapshot, MOST)
    assert copy.read_bytes() == b"x" * 4000
    assert unpacked.copy_of(snapshot, MOST).stat().st_ino == copy.stat().st_ino
    assert [one.path for one in snapshot_store.every(tmp_path, "calls")] == [snapshot.path]


def test_the_copy_that_nobody_asked_for_longest_goes_first(put, tmp_path):
    for age, year in enumerate((2023, 2024)):
        os.utime(unpacked.copy_of(put(year), MOST), (age, age))
    unpacked.copy_of(put(2023), MOST)
    unpacked.copy_of(put(2025), MOST)
    assert copies(tmp_path) == [".2023", ".2025"]


def test_one_copy_is_kept_however_large_it_is(put, tmp_path):
    for year in (2023, 2024):
        assert unpacked.copy_of(put(year), 100).exists()
    assert copies(tmp_path) == [".2024"]


def test_a_file_that_went_meanwhile_has_no_copy(put, tmp_path, monkeypatch):
    snapshot = put(2024)
    monkeypatch.setattr(unpacked, "_unpack", lambda _, copy: (copy.write_bytes(b"x"), snapshot.path.unlink()))
    with pytest.raises(FileNotFoundError):
        unpacked.copy_of(snapshot, MOST)
    assert copies(tmp_path) == []


def test_a_full_disk_makes_no_copy_and_leaves_nothing(put, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    with pytest.raises(unpacked.NoCopyError):
        unpacked.copy_of(put(2024), MOST)
    assert copies(tmp_path) == []


def test_a_purge_takes_copies_too(put, tmp_path):
    unpacked.copy_of(put(2024), MOST)
    snapshot_store.clear(tmp_path, "calls")
    assert [path.name for path in (tmp_path / "calls").iterdir()] == [".lock"]
