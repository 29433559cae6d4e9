"""A night from feed to table: what changes, what does not, and what a bad feed leaves as it was."""

import csv
import gzip
import zipfile
from pathlib import Path

import pytest
from helpers.datastore import rows
from helpers.feeds import DATASET, HEADER, write_calls, write_sample

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def night(portal, tmp_path):
    """Load a text, some bytes or a file into the table; give the report."""
    from ckanext.cpdi.jobs import load

    def run(feed, name="calls.csv", **options):
        path = feed if isinstance(feed, Path) else tmp_path / name
        if isinstance(feed, str):
            path.write_text(feed, encoding="utf-8", newline="")
        elif isinstance(feed, bytes):
            path.write_bytes(feed)
        return load.run(DATASET, str(path), label=path.name, trusted_path=True, **options)

    return run


@pytest.fixture
def text(tmp_path) -> str:
    """A clean feed of 400 calls."""
    return write_calls(tmp_path / "clean.csv", range(1, 401)).read_text(encoding="utf-8")


def table() -> dict[str, dict[str, object]]:
    """The table's rows by incident number, as the DataStore API gives them."""
    import ckan.plugins.toolkit as tk

    from ckanext.cpdi.catalog import parts

    found = tk.get_action("datastore_search")(
        {"ignore_auth": True}, {"resource_id": parts.resource_id(DATASET), "limit": 32_000}
    )
    return {row["incident_number"]: row for row in found["records"]}


def balance(report) -> bool:
    return report.read == report.published + report.withheld + sum(report.quarantined.values())


def test_a_first_night_accounts_for_every_row_of_a_dirty_feed(night, tmp_path):
    report = night(write_sample(tmp_path / "sample.csv", rows=5_000))
    assert report.state == "published", report.message
    assert report.read == 5_000
    assert balance(report)
    assert report.published == report.added == len(table())
    assert {"key_missing", "duplicate_key", "coordinates_outside"} <= report.quarantined.keys()
    assert {"test_row", "unmapped_value"} <= report.withheld_reasons.keys()


def test_the_same_feed_twice_changes_nothing(night, text):
    first, before = night(text), table()
    again, forced = night(text), night(text, force=True)
    for report in (again, forced):
        assert report.state == "unchanged"
        assert (report.added, report.changed, report.removed) == (0, 0, 0)
        assert (report.read, report.published, report.unchanged) == (400, first.published, first.published)
        assert balance(report)
    assert table() == before


def test_ten_edits_five_removals_and_five_additions_are_exactly_that(night, text, tmp_path):
    night(text)
    before = table()
    lines = text.splitlines()
    edited = [
        line.replace("LPA_Patrol Area", "LADV_Advice Given") if 1 <= number <= 10 else line
        for number, line in enumerate(lines)
    ]
    more = write_calls(tmp_path / "more.csv", range(401, 406)).read_text(encoding="utf-8").splitlines()[1:]
    report = night("\n".join([*edited[:-5], *more, ""]))
    assert (report.added, report.changed, report.removed, report.unchanged) == (5, 10, 5, 385)
    after = table()
    kept = before.keys() & after.keys()
    assert {number: before[number]["_id"] for number in kept} == {number: after[number]["_id"] for number in kept}
    assert not {row["_id"] for row in before.values()} & {after[key]["_id"] for key in after.keys() - kept}


def test_the_order_of_rows_and_columns_does_not_matter(night, text):
    night(text)
    header, *calls = csv.reader(text.splitlines())
    turned = [header[::-1], *(call[::-1] for call in reversed(calls))]
    report = night("\n".join(",".join(row) for row in turned) + "\n")
    assert (report.state, report.unchanged) == ("unchanged", 400)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_another_encoding_is_the_same_feed(night, text, encoding):
    accented = text.replace("Queen St", "Café St")
    night(accented)
    report = night(accented.encode(encoding))
    assert report.state in ("unchanged", "failed"), report.message
    assert (report.state, report.unchanged) == ("unchanged", 400)


def test_packed_feeds_are_read_like_plain_ones(night, text, tmp_path):
    night(text)
    assert night(gzip.compress(text.encode()), name="calls.csv.gz").unchanged == 400
    with zipfile.ZipFile(tmp_path / "calls.zip", "w") as archive:
        archive.writestr("export/calls.csv", text)
    assert night(tmp_path / "calls.zip").unchanged == 400


BAD_FEEDS = {
    "missing": None,
    "empty": b"",
    "html": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "truncated": None,
    "cut gzip": None,
    "renamed header": None,
    "doubled header": None,
    "binary": bytes(range(256)) * 40,
}


def bad_feed(kind: str, text: str) -> bytes | None:
    """A feed that cannot be used."""
    made = {
        "truncated": text[: len(text) // 2].encode(),
        "cut gzip": gzip.compress(text.encode())[:-20],
        "renamed header": text.replace("Master_Incident_Number", "MASTER_ID", 1).encode(),
        "doubled header": text.replace("Time_CallClosed", "Problem", 1).encode(),
    }
    return made.get(kind, BAD_FEEDS[kind])


@pytest.mark.parametrize("kind", BAD_FEEDS)
def test_a_bad_feed_changes_nothing_and_the_ledger_says_why(night, text, tmp_path, kind):
    from ckanext.cpdi import config

    night(text)
    before = table()
    feed = bad_feed(kind, text)
    report = (
        night(tmp_path / "nowhere.csv")
        if feed is None
        else night(feed, name="bad.csv.gz" if "gzip" in kind else "bad.csv")
    )
    assert report.state == "failed"
    assert report.message
    assert "Traceback" not in report.message
    assert table() == before
    last = config.store().ledger.runs(DATASET, limit=1)[0]
    assert (last.id, last.state, last.message) == (report.run, "failed", report.message)


def broken(line: str, kind: str) -> str:
    """The first call of the clean feed, broken in one way."""
    cells = line.split(",")
    if kind == "row_width":
        return line + ",one,too,many"
    if kind == "nul_byte":
        return line.replace("Queen", "Qu\0een")
    if kind == "cell_too_long":
        return line.replace("Queen", "Q" * 1_000_000)
    if kind == "key_missing":
        return ",".join(["", *cells[1:]])
    return line.replace("-79.93", "12.5")


@pytest.mark.parametrize("kind", ["row_width", "nul_byte", "cell_too_long", "key_missing", "coordinates_outside"])
def test_one_bad_row_is_quarantined_and_the_others_are_published(night, text, kind):
    lines = text.splitlines()
    lines[1] = broken(lines[1], kind)
    report = night("\n".join([*lines, ""]))
    assert report.state == "published", report.message
    assert report.quarantined == {kind: 1}
    assert (report.read, report.published) == (400, 399)


def test_a_cell_with_a_line_break_is_one_row(night, text):
    report = night(text.replace("LPA_Patrol Area", '"LPA_Patrol\nArea"', 1))
    assert report.read == 400
    assert balance(report)


def test_extra_columns_are_ignored(night, text):
    lines = [f"{line},{'Secret' if number == 0 else 'SECRET-CANARY'}" for number, line in enumerate(text.splitlines())]
    assert night("\n".join([*lines, ""])).published == 400
    assert "SECRET-CANARY" not in repr(table())


def test_a_feed_that_shrank_is_held_and_a_released_run_goes_through(night, text):
    from ckanext.cpdi import config

    night(text)
    before = table()
    small = "\n".join([*text.splitlines()[:41], ""])
    held = night(small)
    assert held.state == "held"
    assert "400" in held.message
    assert "40" in held.message
    assert table() == before
    config.store().ledger.release(held.run)
    released = night(small)
    assert (released.state, released.removed, len(table())) == ("published", 360, 40)


def test_a_header_without_rows_is_held_where_there_were_rows(night, text):
    night(text)
    assert night(HEADER + "\n").state == "held"
    assert len(table()) == 400


def test_sample_rows_are_refused_on_a_production_portal(night, tmp_path, ckan_config, monkeypatch):
    from ckanext.cpdi.catalog import parts

    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    report = night(write_sample(tmp_path / "sample.csv", rows=50))
    assert report.state == "failed"
    assert "SAMPLE" in report.message
    blank = (tmp_path / "sample.csv").read_text().replace("\nSAMPLE", "\n SAMPLE")
    assert night(blank).state == "failed"
    assert rows(parts.resource_id(DATASET)) is None
