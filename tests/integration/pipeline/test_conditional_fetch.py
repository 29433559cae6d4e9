"""An unchanged feed costs one request and no reading; whatever else decides what is published brings it in full."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from helpers import datastore
from helpers.feeds import DATASET, write_calls
from helpers.web import serving

pytestmark = pytest.mark.usefixtures("with_plugins")


class Export:
    """A department's export on a web server, with an ETag that is the count of its changes."""

    def __init__(self, text: str) -> None:
        self.text, self.state = text, 1
        self.validators = True
        self.statuses: list[int] = []

    def __call__(self, request) -> None:
        etag = f'"{self.state}"'
        same = self.validators and request.headers["If-None-Match"] == etag
        self.statuses.append(304 if same else 200)
        said = {"ETag": etag} if self.validators else {}
        request.send(b"" if same else self.text.encode(), self.statuses[-1], **said)


@pytest.fixture
def export(portal, tmp_path, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.feeds.allowed_hosts", ["127.0.0.1"])
    text = write_calls(tmp_path / "calls.csv", range(1, 101)).read_text(encoding="utf-8")
    made = Export(text)
    with serving(made) as server:
        made.url = f"http://{server.host}/calls.csv?token=S3CRET"
        yield made


def night(location: str, profile: str = "", **options):
    from ckanext.cpdi.jobs import load

    report = load.run(DATASET, location, profile, label="The night's calls", **options)
    assert report.state in ("published", "unchanged"), report.message
    return report


def test_an_unchanged_feed_costs_one_request_and_is_not_read(export, monkeypatch):
    from ckanext.cpdi.pipeline import run as nights

    first = night(export.url)
    monkeypatch.setattr(nights, "open_feed", None)
    for _ in range(3):
        again = night(export.url)
        assert (again.state, again.read, again.published) == ("unchanged", 100, first.published)
        assert (again.unchanged, again.added, again.removed) == (first.published, 0, 0)
        assert again.withheld_reasons == first.withheld_reasons
    assert export.statuses == [200, 304, 304, 304]


def test_a_changed_feed_comes_in_full_and_its_new_version_is_kept(export):
    night(export.url)
    export.text, export.state = export.text.replace("LPA_Patrol Area", "LADV_Advice Given"), 2
    assert night(export.url).changed == 100
    assert night(export.url).state == "unchanged"
    assert export.statuses == [200, 200, 304]


def test_the_same_bytes_under_a_new_version_are_asked_for_by_the_new_one(export):
    night(export.url)
    export.state = 2
    assert [night(export.url).state for _ in range(2)] == ["unchanged", "unchanged"]
    assert export.statuses == [200, 200, 304]


def forced(export) -> None:
    night(export.url, force=True)


def another_profile(export) -> None:
    from ckanext.cpdi import config

    folder = config.declarations.profile_path("charleston").parent
    path = shutil.copytree(folder, config.files_path().parent / "profiles")
    changed = path / "charleston.yaml"
    rules = changed.read_text(encoding="utf-8").replace("minimum_addresses: 8", "minimum_addresses: 9")
    changed.write_text(rules, encoding="utf-8")
    night(export.url, str(changed))


def another_location(export) -> None:
    night(export.url.replace("S3CRET", "OTHER"))


def rows_came_due(export) -> None:
    datastore.execute("UPDATE cpdi.run SET next_due = now() - interval '1 minute'")
    night(export.url)


def the_table_is_gone(export) -> None:
    from ckanext.cpdi.catalog import parts

    datastore.execute(f'DROP TABLE "{parts.resource_id(DATASET)}" CASCADE')
    night(export.url)


def the_places_changed(export) -> None:
    from ckanext.cpdi import config
    from ckanext.cpdi.rows import read_places, write_places

    path = config.places_path(config.profile().name)
    places = read_places(path, config.secret())
    write_places(replace(places, keys=places.keys.head(places.keys.height - 1)), path)
    night(export.url)


def the_places_are_gone(export) -> None:
    from ckanext.cpdi import config

    config.places_path(config.profile().name).unlink()
    night(export.url)


def the_code_changed(export) -> None:
    import ckanext.cpdi

    before = ckanext.cpdi.__version__
    try:
        ckanext.cpdi.__version__ = before + ".post1"
        night(export.url)
    finally:
        ckanext.cpdi.__version__ = before


def the_key_changed(export) -> None:
    """Another key finds no place in the file that was made with the one before, so that it goes as well."""
    import ckan.plugins.toolkit as tk

    from ckanext.cpdi import config

    config.places_path(config.profile().name).unlink()
    before = tk.config["ckanext.cpdi.secret"]
    try:
        tk.config["ckanext.cpdi.secret"] = before[::-1] + "x"
        night(export.url)
    finally:
        tk.config["ckanext.cpdi.secret"] = before


def a_week_went_by(export) -> None:
    """A source may be wrong about its versions: now and then the bytes themselves are looked at."""
    datastore.execute("UPDATE cpdi.run SET feed_fetched = feed_fetched - interval '8 days'")
    night(export.url)


@pytest.mark.parametrize(
    "change",
    [
        forced,
        another_profile,
        another_location,
        rows_came_due,
        the_table_is_gone,
        the_places_changed,
        the_places_are_gone,
        the_code_changed,
        the_key_changed,
        a_week_went_by,
    ],
)
def test_where_the_same_feed_may_bring_something_it_is_fetched_in_full(export, change):
    night(export.url)
    assert night(export.url).state == "unchanged"
    change(export)
    assert export.statuses == [200, 304, 200]


def test_only_a_run_after_which_the_table_is_the_feed_is_repeated(export):
    """A held run's feed is not in the table: it comes in full every night until staff let it through."""
    from ckanext.cpdi import config
    from ckanext.cpdi.jobs import load

    whole = export.text
    night(export.url)
    export.text, export.state = "\n".join([*whole.splitlines()[:11], ""]), 2
    held = [load.run(DATASET, export.url, label="short") for _ in range(2)]
    assert [one.state for one in held] == ["held", "held"]
    export.text, export.state = "<html>", 3
    assert load.run(DATASET, export.url, label="bad").state == "failed"
    export.text, export.state = whole, 1
    assert night(export.url).state == "unchanged"
    assert export.statuses == [200, 200, 200, 200, 304]
    export.text, export.state = "\n".join([*whole.splitlines()[:11], ""]), 2
    config.store().ledger.release(held[0].run)
    assert night(export.url).removed == 90


def test_a_feed_that_another_source_replaced_is_not_a_repeat(export, tmp_path):
    night(export.url)
    night(str(write_calls(tmp_path / "other.csv", range(1, 91))), trusted_path=True)
    assert night(export.url).added == 10
    assert export.statuses == [200, 200]


def test_a_server_that_says_nothing_of_versions_is_read_every_night(export):
    export.validators = False
    night(export.url)
    assert night(export.url).state == "unchanged"
    assert export.statuses == [200, 200]


def test_a_file_of_the_drop_folder_that_has_not_changed_is_not_read(folders, portal, monkeypatch):
    from ckanext.cpdi.pipeline import run as nights

    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    first = night("drop:calls.csv")
    monkeypatch.setattr(nights, "open_feed", None)
    assert night("drop:calls.csv").published == first.published
    assert not list((folders["private"] / "spool").iterdir())


def test_a_department_that_changes_nothing_for_a_season_is_still_counted(export):
    first = night(export.url)
    datastore.execute(
        "INSERT INTO cpdi.run (dataset, state, finished, feed_label, feed_sha256, fingerprint, rules_version,"
        " profile_version, code_version) SELECT dataset, 'unchanged', now(), feed_label, feed_sha256, fingerprint,"
        " rules_version, profile_version, code_version FROM cpdi.run, generate_series(1, 60)"
    )
    again = night(export.url)
    assert (again.read, again.published) == (100, first.published)


def test_the_ledger_shows_nothing_of_the_location(export):
    night(export.url)
    night(export.url)
    kept = datastore.execute("SELECT to_json(run)::text FROM cpdi.run AS run")
    assert len(kept) == 2
    assert "S3CRET" not in repr(kept)
    assert "calls.csv" in repr(kept)


def test_a_repeat_says_when_the_bytes_were_looked_at_last(export):
    night(export.url)
    datastore.execute("UPDATE cpdi.run SET feed_fetched = feed_fetched - interval '3 days'")
    night(export.url)
    looked_at = [row[0] for row in datastore.execute("SELECT feed_fetched FROM cpdi.run ORDER BY id")]
    assert looked_at[0] == looked_at[1] < datetime.now(UTC) - timedelta(days=2)


def test_credentials_that_are_not_there_fail_the_run_in_words(export, tmp_path, ckan_config, monkeypatch):
    from ckanext.cpdi import config
    from ckanext.cpdi.jobs import load

    path = tmp_path / "credentials.yaml"
    path.write_text(f"{export.url.partition('/calls')[0]}: {{password: 'env:NOT_SET'}}")
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.feeds.credentials_file", str(path))
    report = load.run(DATASET, export.url, label="The night's calls")
    assert (report.state, "NOT_SET is not set" in report.message) == ("failed", True)
    assert config.store().ledger.runs(DATASET)[0].message == report.message
    assert export.statuses == []
