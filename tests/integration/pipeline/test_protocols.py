"""Nights whose feed lies on an SFTP server or in a bucket, and what everybody, staff and the operator see of them."""

from __future__ import annotations

import logging
import os

import pytest
import yaml
from helpers import datastore, harvest
from helpers.feeds import write_calls
from helpers.s3 import KEY, SECRET, s3_store
from helpers.sftp import PASSPHRASE, ssh_server

from ckanext.cpdi.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

LONG_AGO = 1_760_000_000


@pytest.fixture
def credentials(ckan_config, monkeypatch, tmp_path):
    """Write the operator's credentials file; give the texts that nobody may see of it."""
    path = tmp_path / "credentials.yaml"
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.feeds.credentials_file", str(path))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.feeds.allowed_hosts", ["127.0.0.1"])

    def write(origin: str, access: dict[str, object]) -> None:
        path.write_text(yaml.safe_dump({origin: access}))

    return write


@pytest.fixture
def sftp(tmp_path, credentials, monkeypatch):
    """A file on an SFTP server; give its location, and what spoils the credentials."""
    (tmp_path / "sshd").mkdir()
    export = write_calls(tmp_path / "calls.csv", range(1, 101))
    os.utime(export, (LONG_AGO, LONG_AGO))
    with ssh_server(tmp_path / "sshd") as server:
        monkeypatch.setenv("CAD_PASSPHRASE", PASSPHRASE)
        origin = f"sftp://127.0.0.1:{server.port}"
        access = {**server.access, "key_file": str(server.folder / "locked"), "passphrase": "env:CAD_PASSPHRASE"}
        credentials(origin, access)
        yield server.url(export), lambda: credentials(origin, {**access, "user": "us3r-S3CRET"})


@pytest.fixture
def s3(tmp_path, credentials):
    """An object in a bucket; give its location, and what spoils the credentials."""
    (tmp_path / "s3").mkdir()
    with s3_store(tmp_path / "s3") as bucket:
        location = bucket.put("calls.csv", write_calls(tmp_path / "calls.csv", range(1, 101)).read_bytes())
        credentials("s3://feeds", bucket.access)
        yield location, lambda: credentials("s3://feeds", {**bucket.access, "secret_key": SECRET[::-1]})


def reharvest(source_id):
    job_id = harvest.start(source_id)
    Worker().run(drain=True)
    return harvest.job(job_id)


@pytest.mark.parametrize("store", ["sftp", "s3"])
def test_nights_from_a_store_show_no_credentials_to_anybody(app, sysadmin, store, request, caplog):
    location, spoil = request.getfixturevalue(store)
    caplog.clear()  # the test's own client logs its key
    caplog.set_level(logging.DEBUG)
    source_id = harvest.source(location)
    assert reharvest(source_id)["stats"]["added"] == 100
    assert reharvest(source_id)["stats"]["not modified"] == 100
    spoil()
    failed = reharvest(source_id)
    (error,) = failed["object_error_summary"]
    assert "refused access" in error["message"]
    states = datastore.execute("SELECT state FROM cpdi.run ORDER BY id")
    assert [state for (state,) in states] == ["published", "unchanged", "failed"]
    job = f"/harvest/night/job/{failed['id']}"
    pages = [app.get(url, headers=sysadmin["headers"]) for url in ("/harvest/admin/night", job, "/status")]
    pages.append(app.get("/harvest/night"))
    assert [page.status_code for page in pages] == [200] * 4
    assert "refused access" in pages[1].body
    ledger = repr(datastore.execute("SELECT to_json(run)::text FROM cpdi.run AS run"))
    seen = [caplog.text, ledger, *(page.body for page in pages)]
    for secret in (PASSPHRASE, KEY, SECRET, SECRET[::-1], "us3r-S3CRET", "/locked"):
        assert not [place[:80] for place in seen if secret in place], secret
