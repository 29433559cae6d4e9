"""Files that could not be built, or were damaged since: staff are told so, and the next tick makes them anew."""

from __future__ import annotations

import gzip
import re
import shutil

import pytest
from click.testing import CliRunner
from helpers import datastore, disk, harvest
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.cli import cpdi
from ckanext.cpdi.jobs import tick
from ckanext.cpdi.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")


@pytest.fixture
def full(folders):
    """The files of a first night on a disk that has no room for others."""
    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    with disk.small(folders["files"], "8m") as files:
        assert CliRunner().invoke(cpdi, ["load", DATASET, str(folders["drop"] / "calls.csv")]).exit_code == 0
        filler = files / "filler"
        with filler.open("wb") as file:
            file.write(b"\0" * (shutil.disk_usage(files).free - 8192))
        write_calls(folders["drop"] / "calls.csv", range(1, 201))
        yield filler


def shelf(folders) -> dict[str, bytes]:
    """The published files by name."""
    return {one.name: one.read_bytes() for one in (folders["files"] / DATASET).iterdir() if one.is_file()}


def test_a_disk_that_is_full_when_files_are_built_is_told_to_staff_and_the_next_tick_builds_them(full, folders):
    before = shelf(folders)
    job = harvest.start(harvest.source())
    Worker().run(drain=True)
    assert datastore.rows(resource_id(DATASET)) == 200
    [message] = harvest.messages(job)
    assert re.fullmatch(
        r"Every `ckan cpdi tick` tries again; until then readers have what was there, unless it holds rows that had"
        rf" to go\. The table of {DATASET} is up to date, but its files could not follow: the disk of the files"
        r" has 0 MB free, and new files need \d+ MB beside the old ones"
        r" \(ckanext\.cpdi\.formats says which formats are made\)",
        message,
    )
    assert shelf(folders) == before
    assert f"building {DATASET}" in tick.tick().faults
    full.unlink()
    done = tick.tick()
    assert (done.faults, done.built) == ((), 1)
    assert shelf(folders).keys().isdisjoint(name for name in before if name.startswith("all"))


def test_a_load_by_hand_says_that_its_rows_are_published_and_its_files_are_not(full, folders):
    done = CliRunner().invoke(cpdi, ["load", DATASET, str(folders["drop"] / "calls.csv")])
    assert done.exit_code == 1
    assert "published" in done.stdout
    assert "its files could not follow: the disk of the files has 0 MB free" in done.stderr
    assert "Traceback" not in done.output
    assert datastore.rows(resource_id(DATASET)) == 200


def damage(folders, how) -> dict[str, bytes]:
    """Damage every file of a first night; return what there was."""
    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    assert CliRunner().invoke(cpdi, ["load", DATASET, str(folders["drop"] / "calls.csv")]).exit_code == 0
    before = shelf(folders)
    for name, content in before.items():
        (folders["files"] / DATASET / name).write_bytes(how(content))
    return before


@pytest.mark.parametrize("how", [lambda content: b"", lambda content: content[:-7]], ids=["empty", "cut"])
def test_files_that_are_empty_or_cut_are_built_anew_by_the_next_tick(how, folders, app):
    before = damage(folders, how)
    done = tick.tick()
    assert (done.faults, done.built) == ((), 1)
    after = shelf(folders)
    assert after.keys() == before.keys()
    assert all(len(content) > 0 for name, content in after.items() if name != ".lock")
    csv = next(content for name, content in after.items() if re.fullmatch(r"all\..*\.csv\.gz", name))
    assert gzip.decompress(csv).count(b"\n") >= 100
    assert app.get(f"/data/{DATASET}.csv").status_code == 200
    assert tick.tick().built == 0


def test_an_empty_file_is_not_served(folders, app):
    damage(folders, lambda content: b"")
    assert app.get(f"/data/{DATASET}.csv").status_code in (404, 503)


def test_rows_that_cannot_be_read_again_are_made_anew_by_the_tick_after(folders):
    """Of the right length, and no Parquet: nothing tells that before it is read."""
    before = damage(folders, lambda content: content)
    for name in before:
        path = folders["files"] / DATASET / name
        if name.endswith(".parquet"):
            path.write_bytes(b"\0" * len(before[name]))
        elif name.endswith(".csv.gz"):
            path.unlink()
    assert tick.tick().faults == (f"building {DATASET}",)
    assert [tick.tick().faults for _ in range(2)] == [(), ()]
    assert set(shelf(folders)) == before.keys()
