"""Old addresses lead to our files, nothing leads elsewhere, and nothing of the portal's own is taken."""

from __future__ import annotations

import pytest
import yaml
from helpers.profiles import use_profile

from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.services import redirects

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def declare(tmp_path, ckan_config, monkeypatch):
    """Let the site's profile have these redirects."""

    def write(*lines: str) -> None:
        found = [yaml.safe_load(line) for line in lines]
        use_profile(monkeypatch, ckan_config, tmp_path, lambda profile: profile.update(redirects=found))

    return write


OLD = "/datasets/citations_2018.csv"


@pytest.mark.parametrize(
    ("line", "location"),
    [
        ("dataset: electronic-citations", "/data/electronic-citations.csv"),
        ("dataset: electronic-citations, year: 2018", "/data/electronic-citations/2018.csv"),
        ("dataset: electronic-citations, year: all, ext: shp.zip", "/data/electronic-citations/all.shp.zip"),
        ("dataset: calls-for-service, year: all, ext: kml", "/data/calls-for-service.kml"),
    ],
)
def test_an_old_address_leads_to_a_file_for_good(app, declare, line, location):
    declare(f"{{from: {OLD}, {line}}}")
    redirects.check(app.flask_app)
    for method in ("GET", "HEAD"):
        found = app.client.open(OLD, method=method, follow_redirects=False)
        assert (found.status_code, found.headers["Location"]) == (301, location)


def test_nothing_that_a_reader_sends_has_a_part_in_the_target(app, declare):
    declare(f"{{from: {OLD}, dataset: electronic-citations, year: 2018}}")
    for path in (f"{OLD}?next=//evil.example", f"{OLD}?outSR=4326", f"/{OLD}", f"//evil.example{OLD}", f"{OLD}/"):
        found = app.client.get(path, follow_redirects=False, headers={"X-Forwarded-Host": "evil.example"})
        assert "evil" not in found.headers.get("Location", "")
    assert app.client.get(f"{OLD}?outSR=4326", follow_redirects=False).headers["Location"].endswith("/2018.csv")
    assert app.client.post(OLD, follow_redirects=False).status_code in (404, 405)


def test_a_path_with_blanks_and_accents_is_found_as_browsers_send_it(app, declare):
    declare('{from: "/citaciones año 2018.csv", dataset: electronic-citations, year: 2018}')
    found = app.client.get("/citaciones%20a%C3%B1o%202018.csv", follow_redirects=False)
    assert found.headers["Location"] == "/data/electronic-citations/2018.csv"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{from: /dataset/electronic-citations, dataset: electronic-citations}", "of its own there"),
        ("{from: /status, dataset: electronic-citations}", "of its own there"),
        ("{from: /data/old.csv, dataset: electronic-citations}", "of its own there"),
        ("{from: /api/3/action/package_list, dataset: electronic-citations}", "of its own there"),
        ("{from: /es/old.csv, dataset: electronic-citations}", "of its own there"),
        ("{from: /base/css/main.css, dataset: electronic-citations}", "of its own there"),
        ("{from: /old.csv, dataset: compstat-reports}", "no table 'compstat-reports'"),
        ("{from: /old.exe, dataset: electronic-citations, ext: exe}", "no format 'exe'"),
        ("{from: /old.csv, dataset: electronic-citations, year: some}", "year"),
        ("{from: old.csv, dataset: electronic-citations}", "no path of this site"),
        ("{from: //evil.example/old.csv, dataset: electronic-citations}", "no path of this site"),
        ("{from: 'https://evil.example/x', dataset: electronic-citations}", "no path of this site"),
        ("{from: /a/../old.csv, dataset: electronic-citations}", "no path of this site"),
        ("{from: '/old.csv?year=1', dataset: electronic-citations}", "no path of this site"),
        ("{from: /old.csv, to: 'https://evil.example', dataset: electronic-citations}", "'to' is not known here"),
    ],
)
def test_a_redirect_that_cannot_be_is_refused_when_the_portal_starts(app, declare, line, message):
    declare(line)
    with pytest.raises(DeclarationError, match=message):
        redirects.check(app.flask_app)


def test_two_files_for_one_address_are_refused(app, declare):
    declare(*[f"{{from: {OLD}, dataset: electronic-citations, year: {year}}}" for year in (2017, 2018)])
    with pytest.raises(DeclarationError, match="declared twice"):
        redirects.check(app.flask_app)
