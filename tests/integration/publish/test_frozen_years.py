"""Frozen years: what is in them, what changes them, and what does not."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
from helpers import datastore
from publish_rows import call

from ckanext.cpdi.declare import FreezeDay
from ckanext.cpdi.publish.frozen_years import freeze, frozen

LAST = date(2025, 2, 15)
DAY = FreezeDay(2, 15)


@pytest.fixture
def archive(table, department, site, tmp_path):
    """Freezes the table of calls by a day; gives the archive of 2023, or None."""

    def made(today: date = LAST, *, force: bool = False):
        place = (table.dataset, department, tmp_path, site)
        made.written = freeze.freeze(table.read_dsn, *place, DAY, today, force=force)
        return frozen.find(tmp_path, table.dataset.name, 2023)

    made.folder = tmp_path
    return made


def opened(archive, one) -> zipfile.ZipFile:
    return zipfile.ZipFile(frozen.home(archive.folder, one.dataset) / one.file_name)


def rows(archive, one) -> dict[str, dict[str, str]]:
    text = opened(archive, one).read(f"{one.dataset}-2023.csv").decode()
    return {row["incident_number"]: row for row in csv.DictReader(io.StringIO(text))}


def calls(*keys: str, **more) -> list[dict]:
    return [call(key, "2023-05-01 12:00", problem=f'{key}, "quoted"\nand broken', **more) for key in keys]


def check(archive, one) -> None:
    """An archive is what is said of it, outside and inside."""
    home = frozen.home(archive.folder, one.dataset)
    path = home / one.file_name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == one.sha256
    assert path.stat().st_size == one.bytes
    assert [other.name for other in home.glob("2023.*.zip")] == [one.file_name]
    found = opened(archive, one)
    package, readme = json.loads(found.read("datapackage.json")), found.read("README.txt").decode()
    resource = package["resources"][0]
    content = found.read(resource["path"])
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert resource["bytes"] == len(content)
    assert resource["cpdi:rows"] == one.rows == len(rows(archive, one))
    assert package["version"] == resource["cpdi:version"] == one.version
    assert one.citation == package["cpdi:citation"]
    assert one.citation in readme
    assert f"{one.version} ({one.rows} " in readme
    assert one.version in one.citation


def test_a_closed_year_is_frozen_whole_with_its_row_ids(table, archive):
    version = table.commit([*calls("a", "b"), call("c", "2025-01-05 12:00")])
    one = archive()
    assert (one.version, one.rows, one.frozen) == (version, 2, LAST)
    assert archive.written == [2023]
    assert set(rows(archive, one)) == {"a", "b"}
    assert all(row["row_id"].isdigit() for row in rows(archive, one).values())
    check(archive, one)


def test_a_year_is_closed_once_the_freeze_day_after_it_has_come(table, archive):
    table.commit([call("a", "2024-05-01 12:00")])
    archive(date(2024, 2, 15))
    assert archive.written == []
    archive(LAST)
    assert archive.written == [2024]


def test_a_year_that_is_frozen_late_says_so(table, archive):
    table.commit(calls("a"))
    assert archive(date(2025, 3, 20)).frozen == date(2025, 3, 20)
    table.commit(calls("a", "late"))
    assert archive(date(2026, 2, 14)).rows == 1
    assert archive(date(2026, 2, 16)).rows == 2


def test_freezing_again_writes_nothing(table, archive):
    table.commit(calls("a", "b"))
    first = archive()
    assert archive() == first
    assert archive.written == []


def test_corrections_and_late_rows_wait_for_the_next_freeze_day(table, archive):
    table.commit(calls("a", "b"))
    first = archive()
    before = opened(archive, first).read("calls-for-service-2023.csv")
    version = table.commit([*calls("a", team="Team 1"), *calls("b", "late")])
    one = archive()
    assert (one.version, one.sha256) == (first.version, first.sha256)
    assert opened(archive, one).read("calls-for-service-2023.csv") == before
    one = archive(date(2026, 2, 15))
    assert (one.version, one.rows) == (version, 3)
    check(archive, one)


def test_a_year_without_corrections_stays_byte_for_byte(table, archive):
    table.commit(calls("a", "b"))
    first = archive()
    table.commit([*calls("a", "b"), call("c", "2025-01-05 12:00")])
    one = archive(date(2026, 2, 15))
    assert (one.sha256, one.version) == (first.sha256, first.version)


def test_a_row_that_leaves_the_table_leaves_the_archive_and_nothing_else_changes(table, archive):
    table.commit(calls("a", "b", "c"))
    first = archive()
    before = rows(archive, first)
    version = table.commit([*calls("a", team="Team 1"), *calls("c")])
    one = archive()
    assert archive.written == [2023]
    assert rows(archive, one) == {key: before[key] for key in ("a", "c")}
    assert (one.version, one.rows, one.frozen) == (version, 2, LAST)
    assert one.sha256 != first.sha256
    check(archive, one)
    assert archive() == one


def test_a_second_purge_is_as_whole_as_the_first(table, archive):
    table.commit(calls("a", "b", "c"))
    archive()
    table.commit(calls("a", "b"))
    archive()
    table.commit(calls("a"))
    one = archive()
    assert set(rows(archive, one)) == {"a"}
    check(archive, one)


def test_an_archive_whose_rows_have_all_left_goes(table, archive):
    table.commit([*calls("a", "b"), call("c", "2025-01-05 12:00")])
    archive()
    table.commit([call("c", "2025-01-05 12:00")])
    assert archive() is None
    assert list(frozen.home(archive.folder, "calls-for-service").glob("2023*")) == []


def test_rules_that_touch_a_year_freeze_it_anew(table, archive):
    table.commit(calls("a", "b"))
    archive()
    set_rules("2")
    version = table.commit([*calls("a", team="Team 1"), *calls("b")])
    set_rules("2")
    one = archive()
    assert (one.version, rows(archive, one)["a"]["team"]) == (version, "Team 1")
    check(archive, one)


def test_rules_that_change_after_a_correction_freeze_the_year_anew(table, archive):
    table.commit(calls("a", "b"))
    archive()
    version = table.commit([*calls("a", team="Team 1"), *calls("b")])
    archive()
    set_rules("2")
    assert archive().version == version, "what the archive showed of the row may be what the new rules hide"


def test_rules_that_touch_no_row_of_a_year_leave_it(table, archive):
    table.commit(calls("a", "b"))
    first = archive()
    set_rules("2")
    assert archive().sha256 == first.sha256
    table.commit([*calls("a", team="Team 1"), *calls("b")])
    set_rules("2")
    assert archive().sha256 == first.sha256, "a correction after the rules had changed is one like others"


def test_a_purge_that_is_cut_short_is_done_by_the_next(table, archive, monkeypatch):
    table.commit(calls("a", "b", "c"))
    first = archive()
    table.commit(calls("a", "c"))
    with monkeypatch.context() as patch:
        patch.setattr(frozen, "put", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            archive()
    assert frozen.find(archive.folder, "calls-for-service", 2023) == first
    check(archive, first)
    assert archive().rows == 2


def test_an_archive_that_cannot_be_written_anew_goes_rather_than_show_what_left(table, archive, monkeypatch):
    table.commit(calls("a", "b"))
    archive()
    version = table.commit(calls("a"))
    with monkeypatch.context() as patch:
        patch.setattr(frozen, "put", full_disk)
        with pytest.raises(OSError, match="No space"):
            freeze.purge(table.read_dsn, table.dataset.name, archive.folder)
    assert frozen.find(archive.folder, table.dataset.name, 2023) is None
    assert list(frozen.home(archive.folder, table.dataset.name).glob("*.zip")) == []
    one = archive()
    assert (one.version, set(rows(archive, one))) == (version, {"a"})


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_all_years_can_be_frozen_anew_on_demand(table, archive):
    table.commit(calls("a"))
    archive()
    version = table.commit(calls("a", team="Team 1"))
    assert archive(force=True).version == version


def set_rules(rules: str) -> None:
    """Let the table's rows have been masked by ``rules``."""
    import psycopg

    with psycopg.connect(datastore.dsn()) as connection:
        query = "UPDATE cpdi.dataset SET form = jsonb_set(form, '{rules}', to_jsonb(%s::text))"
        connection.execute(query, (rules,))
