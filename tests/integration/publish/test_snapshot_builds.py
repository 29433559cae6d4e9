"""When files are built, and what a crash, a second builder or a commit in between does to them."""

import gzip
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.room import NoRoomError
from ckanext.cpdi.publish.rows.source import open_source
from ckanext.cpdi.publish.snapshot import SnapshotError, build

NAME = "calls-for-service"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def builder(table, calls, department, site, tmp_path):
    return lambda site=site: build(table.read_dsn, calls, department, tmp_path, site)


def names(folder):
    return sorted(path.name for path in (folder / NAME).iterdir())


def contents(folder):
    return {one.path.name: b"".join(one.blocks()) for one in snapshot_store.files(folder, NAME)}


def text(folder, year=None):
    return b"".join(snapshot_store.find(folder, NAME, "csv", year).blocks()).decode()


def test_a_table_that_is_not_built_has_no_files(builder, tmp_path):
    assert builder() == []
    assert snapshot_store.files(tmp_path, NAME) == []


def test_a_table_that_lost_all_its_rows_has_valid_files(table, awkward, builder, tmp_path):
    table.commit(awkward)
    table.commit([])
    assert len(builder()) == 8
    assert {one.extension for one in snapshot_store.files(tmp_path, NAME)} == {
        "csv",
        "kml",
        "kmz",
        "geojson",
        "shp.zip",
        "gpkg",
        "parquet",
        "fgb",
    }
    assert text(tmp_path).count("\n") == 1


def test_the_same_version_is_built_once(table, awkward, builder):
    table.commit(awkward)
    assert len(builder()) == 24
    assert builder() == []


def test_files_are_made_in_the_chosen_formats_and_others_go(table, awkward, builder, calls, department, site, tmp_path):
    table.commit(awkward)
    builder()
    assert build(table.read_dsn, calls, department, tmp_path, site, only=("csv", "kmz", "parquet")) == []
    assert {one.extension for one in snapshot_store.files(tmp_path, NAME)} == {"csv", "kmz", "parquet"}
    assert not [name for name in names(tmp_path) if ".kml" in name or ".gpkg" in name]
    snapshot_store.clear(tmp_path, NAME)
    assert len(build(table.read_dsn, calls, department, tmp_path, site, only=("csv", "kmz", "parquet"))) == 9


def test_a_disk_without_room_is_told_before_anything_is_written(table, awkward, builder, tmp_path):
    table.commit(awkward)
    builder()
    before = names(tmp_path)
    table.commit([row | {"team": "Team 9"} for row in awkward])
    table.execute("UPDATE cpdi.year SET rows = 100000000000 WHERE year = 2024")
    with pytest.raises(NoRoomError, match=r"has [\d,]+ MB free, and new files need [\d,]+ MB beside the old ones"):
        builder()
    assert names(tmp_path) == before


def test_only_the_years_that_changed_are_built_anew(table, awkward, builder, tmp_path):
    first = table.commit(awkward)
    builder()
    before = {one.path.name: one.path.stat().st_ino for one in snapshot_store.files(tmp_path, NAME)}
    table.commit([row | {"team": "Team 9"} if row["incident_number"] == "A6" else row for row in awkward])
    assert len(builder()) == 16
    after = {one.path.name: one.path.stat().st_ino for one in snapshot_store.files(tmp_path, NAME)}
    kept = {name for name in before if name.startswith("2023.")}
    assert len(kept) == 8
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert not [name for name in names(tmp_path) if first in name and not name.startswith("2023.")]
    assert "Team 9" in text(tmp_path)
    assert text(tmp_path).count("A3") == 1


def test_a_year_that_is_gone_takes_its_files_with_it(table, awkward, builder, tmp_path):
    table.commit(awkward)
    builder()
    table.commit([row for row in awkward if row["incident_number"] in ("A2", "A5", "A6", "A7")])
    builder()
    assert snapshot_store.years(tmp_path, NAME) == [2024]
    assert not [name for name in names(tmp_path) if name.startswith("2023")]


def test_what_the_files_say_beside_the_rows_is_part_of_their_identity(table, awkward, builder, site, tmp_path):
    table.commit(awkward)
    builder()
    before = snapshot_store.find(tmp_path, NAME, "csv")
    assert len(builder(replace(site, title="Another name"))) == 24
    after = snapshot_store.find(tmp_path, NAME, "csv")
    assert before.version == after.version
    assert before.etag != after.etag


def test_the_order_in_which_rows_were_stored_does_not_matter(table, awkward, builder, tmp_path):
    def texts(version):
        """Name and bytes of each file of text, whatever its version is called."""
        return {
            name.replace(version, "V"): content.replace(version.encode(), b"V")
            for name, content in contents(tmp_path).items()
            if name.endswith((".csv.gz", ".geojson.gz", ".kml.gz"))
        }

    first = table.commit(awkward)
    builder()
    before = texts(first)
    snapshot_store.clear(tmp_path, NAME)
    table.empty()
    again = table.commit(awkward[::-1])
    assert again != first  # a version never comes twice
    builder()
    assert len(before) == 9
    assert {name for name, content in texts(again).items() if content != before.get(name)} == set()


def test_rows_without_a_time_are_in_the_whole_and_in_no_year(table, awkward, builder, tmp_path):
    table.commit([*awkward, {**awkward[0], "incident_number": "A9", "call_datetime": None}])
    builder()
    whole = text(tmp_path).splitlines()
    assert whole[-1].startswith("A9,,")
    assert "A9" not in text(tmp_path, 2023) + text(tmp_path, 2024)


def test_counts_that_differ_from_the_rows_leave_the_old_files(table, awkward, builder, tmp_path):
    table.commit(awkward)
    builder()
    before = names(tmp_path)
    table.commit([row | {"team": "Team 9"} for row in awkward])
    table.execute("UPDATE cpdi.year SET rows = rows + 1 WHERE year = 2024")
    with pytest.raises(SnapshotError, match="2024: 4 rows read, the store says 5"):
        builder()
    assert names(tmp_path) == before


def test_a_commit_in_between_does_not_reach_a_build(table, awkward, calls, department):
    version = table.commit(awkward)
    with open_source(table.read_dsn) as source:
        state = source.state(NAME)
        table.commit([])
        rows = sum(frame.height for frame in source.batches(calls.rows, state.resource_id, department.time_zone, None))
    assert (state.version, state.rows, rows) == (version, 7, 7)


CRASHES = {
    "while it reads": ("ckanext.cpdi.publish.rows.arrow.count", 1),
    "while a format writes": ("ckanext.cpdi.publish.formats.shapefile.write_key", 2),
    "between a sidecar and its file": ("ckanext.cpdi.publish.install.put", 1),
    "between two files": ("ckanext.cpdi.publish.snapshot.install_snapshot", 5),
    "before old files go": ("ckanext.cpdi.publish.snapshot.put_away", 0),
    "before the package of all": ("ckanext.cpdi.publish.snapshot.install_package", 0),
}
"""Where a build is killed: at a function, after so many calls of it."""

SCRIPT = Path(__file__).with_name("killed_build.py")


def start(table, folder):
    command = [sys.executable, SCRIPT, ROOT, folder, table.read_dsn, "-", "0"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(("crash", "at"), CRASHES.values(), ids=CRASHES.keys())
def test_a_build_that_is_killed_leaves_whole_files_and_the_next_one_heals(
    table, awkward, builder, programs, tmp_path, crash, at
):
    table.commit(awkward)
    builder()
    version = table.commit([row | {"team": "Team 9"} for row in awkward])
    killed = programs.run(SCRIPT, ROOT, tmp_path, table.read_dsn, crash, at)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    for one in snapshot_store.files(tmp_path, NAME):
        assert one.sidecar.exists()
        assert one.size > 0
    builder()
    healed = contents(tmp_path)
    assert {one.version for one in snapshot_store.every(tmp_path, NAME)} == {version}
    assert not [name for name in names(tmp_path) if name.startswith(".build-")]
    snapshot_store.clear(tmp_path, NAME)
    builder()
    clean = contents(tmp_path)
    assert set(clean) == set(healed)
    same = [name for name in clean if not name.endswith(".gpkg.gz")]  # SQLite writes the time into it
    assert {name: healed[name] for name in same} == {name: clean[name] for name in same}


def test_two_builders_at_once_do_the_work_once(table, awkward, tmp_path):
    table.commit(awkward)
    both = [start(table, tmp_path) for _ in range(2)]
    done = sorted(int(one.communicate(timeout=60)[0]) for one in both)
    assert [one.returncode for one in both] == [0, 0]
    assert done == [0, 24]
    assert len(snapshot_store.files(tmp_path, NAME)) == 24


def test_whoever_reads_a_file_reads_on_while_it_is_replaced(table, awkward, builder, tmp_path):
    table.commit(awkward)
    builder()
    with gzip.open(snapshot_store.find(tmp_path, NAME, "csv").path, "rt") as file:
        first = file.readline()
        table.commit([])
        builder()
        rest = file.read()
    assert first.startswith("incident_number")
    assert rest.count("\nA") == 6
