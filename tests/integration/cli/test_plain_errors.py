"""A command that cannot do its work says why in one sentence and ends with code 1; a terminal gets no traceback."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from helpers import disk
from helpers.feeds import DATASET, write_calls

pytestmark = pytest.mark.usefixtures("portal")

SETTINGS = {
    "sqlalchemy.url": "postgresql://ckan@127.0.0.1:1/none",
    "ckan.datastore.write_url": "postgresql://ckan@127.0.0.1:1/none",
    "solr_url": "http://127.0.0.1:1/solr/none",
    "ckan.redis.url": "redis://127.0.0.1:1/1",
}


@pytest.fixture
def ckan(programs, root, ckan_config, folders, tmp_path):
    """Run ``ckan cpdi …`` in a process of its own, with this test's folders and ``settings``; give what it printed."""

    def run(*arguments, code=1, **settings) -> subprocess.CompletedProcess[str]:
        changed = {f"ckanext.cpdi.{name}_path": path for name, path in folders.items()} | settings
        lines = Path(ckan_config["__file__"]).read_text().splitlines()
        kept = [changed_line(line, changed) for line in lines]
        ini = tmp_path / "changed.ini"
        ini.write_text("\n".join(kept))
        done = programs.run(root / ".run/venv/bin/ckan", "-c", ini, "cpdi", *arguments)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return run


def changed_line(line: str, changed: dict) -> str:
    key = line.partition("=")[0].strip()
    return f"{key} = {changed[key]}" if key in changed else line


def last(done) -> str:
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("setting", "command", "words"),
    [
        ("sqlalchemy.url", ["runs"], "Error: The database does not answer."),
        ("ckan.datastore.write_url", ["runs"], "Error: The database does not answer."),
        ("solr_url", ["init", "--describe"], "Error: The search index (Solr) does not answer"),
        ("ckan.redis.url", ["worker", "--drain"], "Error: Redis does not answer."),
        ("ckan.redis.url", ["tick"], "Error: failed: "),
    ],
)
def test_a_service_that_is_away_is_named(setting, command, words, ckan, monkeypatch):
    if command[0] == "init":  # there is something to write into the catalogue
        from ckan import model

        model.Session.query(model.Group).filter_by(name="police").update({"title": "Another"})
        model.Session.commit()
    done = ckan(*command, **{setting: SETTINGS[setting]})
    assert last(done).startswith(words), done.stderr


def test_the_traceback_is_in_a_file_that_the_sentence_names(ckan, folders):
    said = last(ckan("tick", **{"ckan.redis.url": SETTINGS["ckan.redis.url"]}))
    path = folders["private"] / "log" / "commands.log"
    assert said.endswith(f"({path})")
    assert "Traceback" in path.read_text()
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_full_disk_is_named_by_load_build_and_freeze(ckan, folders, tmp_path):
    feed = write_calls(tmp_path / "calls.csv", range(1, 2001))
    with disk.small(folders["files"], "1m") as files:
        with (files / "filler").open("wb") as file:
            file.write(b"\0" * (shutil.disk_usage(files).free - 8192))
        for command in (["load", DATASET, feed], ["build"]):
            assert "the disk of the files has 0 MB free" in last(ckan(*command)), command
        assert "No space left on device" in last(ckan("freeze", DATASET, "--again"))


def test_a_file_that_cannot_be_read_is_named(ckan, tmp_path):
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 100)
    done = ckan("load", DATASET, tmp_path / "binary.csv")
    assert "failed" in done.stdout
    for command in (["places", "--from", tmp_path / "binary.csv"], ["parity", DATASET, tmp_path / "binary.csv"]):
        assert last(ckan(*command)).startswith("Error: ")
