"""What is written beside a file takes its place whole or not at all, with its mode, and safe on the disk if asked."""

import ast
import os
import stat
from pathlib import Path

import pytest

from ckanext.cpdi import whole_file
from ckanext.cpdi.whole_file import put, written

HOME = Path(whole_file.__file__).parent


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "file.csv"
    target.write_text("old", encoding="utf-8")
    return target


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(path):
    with written(path) as fresh:
        fresh.write_text("ne", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "old"
        fresh.write_text("new", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "new"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("durable", [False, True])
def test_what_fails_leaves_the_old_file_and_nothing_beside_it(path, durable):
    with pytest.raises(UnicodeEncodeError), written(path, durable=durable) as fresh:
        fresh.write_text("half \ud800", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(path.parent.iterdir()) == [path]


def test_a_private_file_is_private_from_its_first_byte_on(path):
    path.chmod(0o644)
    with written(path, mode=0o600) as fresh:
        assert stat.S_IMODE(fresh.stat().st_mode) == 0o600
        fresh.write_text("new", encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_writers_of_a_file_have_two_names(path):
    with written(path) as first, written(path) as second:
        first.write_text("first", encoding="utf-8")
        second.write_text("second", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "first"


def test_content_is_on_the_disk_before_its_name_and_then_the_name(path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append((os.fstat(handle).st_ino, path.read_text("utf-8"))))
    with written(path, durable=True) as fresh:
        fresh.write_text("new", encoding="utf-8")
        content = fresh.stat().st_ino
    assert synced == [(content, "old"), (path.parent.stat().st_ino, "new")]


def test_a_file_that_was_made_elsewhere_is_put_whole(path, tmp_path):
    (tmp_path / "made").write_text("made", encoding="utf-8")
    put(tmp_path / "made", path)
    assert path.read_text(encoding="utf-8") == "made"


def renames(module: Path) -> bool:
    """Say whether a module calls ``replace`` of ``os``, or that of a path: that of a text has two arguments."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace":
            owner = node.func.value
            if (isinstance(owner, ast.Name) and owner.id == "os") or (len(node.args) == 1 and not node.keywords):
                return True
    return False


def test_nobody_else_renames_a_file_into_place():
    # What readers of the site run on their own machines knows nothing of the portal.
    modules = [path for path in HOME.rglob("*.py") if "public" not in path.parts]
    assert [path.name for path in modules if renames(path)] == ["whole_file.py"]
