"""Settings: typed, declared, and clear where they are wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ckan.common import aslist

import ckanext.cpdi
from ckanext.cpdi import config
from ckanext.cpdi.config import SettingError
from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.fetch_settings import fetch_settings

pytestmark = pytest.mark.usefixtures("with_plugins")

PACKAGE = Path(ckanext.cpdi.__file__).parent


def declared() -> dict[str, dict]:
    groups = yaml.safe_load((PACKAGE / "config_declaration.yaml").read_text())["groups"]
    return {option["key"]: option for group in groups for option in group["options"]}


def test_every_setting_that_code_reads_is_declared_and_every_declared_one_is_read():
    code = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    read = set(re.findall(r'(?:config\[|_folder\()"(ckanext\.cpdi\.[a-z_.]+)"', code))
    assert read == set(declared())


def test_every_setting_is_described_with_an_example():
    for key, option in declared().items():
        assert len(option.get("description", "")) > 20, key
        assert option.get("example"), key


@pytest.mark.parametrize("value", ["", "short"])
def test_a_missing_or_short_secret_stops_the_start_with_clear_words(ckan_config, monkeypatch, value):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.secret", value)
    with pytest.raises(SettingError, match=r"ckanext\.cpdi\.secret is (missing|too short): set it to 32"):
        config.check()


def test_a_format_that_there_is_not_stops_the_start_with_those_there_are(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.formats", ["csv", "xls", "parquet"])
    with pytest.raises(SettingError, match=r"^ckanext\.cpdi\.formats: no format 'xls'; there are csv, kml, kmz"):
        config.check()
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.formats", ["parquet", "csv"])
    config.check()
    assert config.formats() == ("csv", "parquet")


@pytest.mark.parametrize(
    ("key", "value", "production"),
    [
        ("ckan.auth.public_user_details", True, False),
        ("ckan.auth.create_user_via_web", True, False),
        ("ckan.auth.create_unowned_dataset", True, False),
        ("ckan.datastore.sqlsearch.enabled", True, False),
        ("debug", True, True),
        ("SESSION_COOKIE_SECURE", False, True),
    ],
)
def test_a_setting_that_opens_the_portal_stops_the_start(ckan_config, monkeypatch, key, value, production):
    config.check()
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", production)
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://data.example.gov")
    monkeypatch.setitem(ckan_config, key, value)
    with pytest.raises(SettingError, match=rf"^{key} must be"):
        config.check()


def test_the_portal_has_to_come_before_the_search_by_area(ckan_config, monkeypatch):
    names = [name for name in aslist(ckan_config["ckan.plugins"]) if name != "cpdi"]
    monkeypatch.setitem(ckan_config, "ckan.plugins", [*names, "cpdi"])
    with pytest.raises(SettingError, match="put cpdi before spatial_query"):
        config.check()


def test_ocr_needs_its_programs(ckan_config, monkeypatch, tmp_path):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.reports_ocr", True)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingError, match=r"^ckanext\.cpdi\.reports_ocr: install ocrmypdf"):
        config.check()


def test_without_tokens_for_forms_only_tests_start(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "testing", False)
    with pytest.raises(SettingError, match="any site can send forms"):
        config.check()


def test_the_secret_is_in_no_error(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.secret", "oh-so-secret")
    with pytest.raises(SettingError) as refused:
        config.check()
    assert "oh-so-secret" not in str(refused.value)


def test_private_files_inside_the_public_folder_are_refused(ckan_config, monkeypatch, tmp_path):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.files_path", str(tmp_path))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.private_path", str(tmp_path / "private"))
    with pytest.raises(SettingError, match="must not lie inside"):
        config.check()


def test_private_folders_are_entered_by_their_owner_only(folders):
    for folder in (config.spool_path(), config.places_path("charleston").parent):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_profile_is_found_by_name_by_path_and_in_the_folders_of_profiles(ckan_config, monkeypatch, root, tmp_path):
    path = root / "profiles" / "charleston.yaml"
    assert config.profile("charleston").name == config.profile(str(path)).name == config.profile().name
    other = tmp_path / "elsewhere.yaml"
    other.write_text((path).read_text().replace("charleston/", f"{path.parent}/charleston/"))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profiles", [str(tmp_path)])
    assert config.profile("elsewhere").agency == config.profile("charleston").agency


def test_an_unknown_profile_is_refused_with_the_names_there_are():
    with pytest.raises(DeclarationError, match=r"no profile 'atlantis'; there are .*charleston"):
        config.profile("atlantis")


def test_a_folder_of_declarations_adds_a_dataset_without_code(ckan_config, monkeypatch, root, tmp_path):
    calls = (root / "schemas/datasets/calls-for-service.yaml").read_text()
    (tmp_path / "alarms.yaml").write_text(calls.replace("name: calls-for-service", "name: false-alarms"))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.declarations", [str(tmp_path)])
    assert [one.name for one in config.library().tables if one.name == "false-alarms"]


@pytest.fixture
def credentials(ckan_config, monkeypatch, tmp_path):
    path = tmp_path / "credentials.yaml"
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.feeds.credentials_file", str(path))
    return path


def access(location: str) -> object:
    return fetch_settings(location).access


def test_credentials_come_by_the_source_that_they_are_for(credentials, monkeypatch):
    monkeypatch.setenv("CAD_TOKEN", "hush")
    credentials.write_text(
        "https://CAD.example.org: {headers: {Authorization: 'env:CAD_TOKEN', X-Kind: nightly}}\n"
        "sftp://files.example.org:2222: {user: portal, host_key: [ssh-ed25519 AAAA]}\n"
        "s3://feeds: {access_key: AKIA, secret_key: 'env:CAD_TOKEN'}\n"
    )
    assert access("https://cad.example.org:443/calls.csv") == {
        "headers": {"Authorization": "hush", "X-Kind": "nightly"}
    }
    assert access("sftp://files.example.org:2222/calls.csv") == {"user": "portal", "host_key": ["ssh-ed25519 AAAA"]}
    assert access("s3://feeds/calls.csv") == {"access_key": "AKIA", "secret_key": "hush"}
    for other in (
        "http://cad.example.org/calls.csv",
        "https://cad.example.org:8443/calls.csv",
        "https://other.example.org/calls.csv",
        "sftp://files.example.org/calls.csv",
        "s3://feeds2/calls.csv",
        "drop:calls.csv",
    ):
        assert access(other) == {}


@pytest.mark.parametrize(
    "content",
    [
        "https://cad.example.org: [hush]",
        "cad.example.org: {headers: {Authorization: hush}}",
        "https://cad.example.org: {password: 'env:NOT_SET'}",
        "https://cad.example.org: {password: 'hush}",
    ],
)
def test_credentials_that_cannot_be_used_are_told_without_showing_them(credentials, content):
    credentials.write_text(content)
    with pytest.raises(SettingError, match="credentials_file") as refused:
        fetch_settings("https://cad.example.org/calls.csv")
    assert "hush" not in str(refused.value)


def test_an_unknown_licence_is_refused(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.license", "mine")
    with pytest.raises(SettingError, match="knows no licence 'mine'"):
        config.licence()


RIGHT = {
    "issuer": "https://login.example.gov/realms/city",
    "client_id": "portal",
    "client_secret": "env:OIDC_SECRET_OF_TESTS",
    "editors": "Records, Division\n\n  Chiefs",
    "admins": "Chiefs",
}


@pytest.mark.parametrize(
    ("address", "kind", "origin"),
    [
        ("https://tiles.example.gov/streets/style.json?key=a1", "style", "https://tiles.example.gov"),
        ("https://tiles.example.gov:8443/city.pmtiles?v=2", "pmtiles", "https://tiles.example.gov:8443"),
        ("/maps/city.pmtiles", "pmtiles", ""),
        ("https://police.example.gov/maps/style.json", "style", ""),
    ],
)
def test_a_base_map_lies_at_one_origin_or_on_the_portals_own_host(ckan_config, monkeypatch, address, kind, origin):
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://police.example.gov")
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.base_map", f" {address} ")
    assert config.base_map() == config.BaseMap(kind, address, origin, "")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tiles.example.gov/style.json", "begins with https://"),
        ("//tiles.example.gov/style.json", "begins with https://"),
        ("http://tiles.example.gov/style.json", "begins with https://"),
        ("pmtiles://https://tiles.example.gov/a.pmtiles", "begins with https://"),
        ("file:///srv/city.pmtiles", "begins with https://"),
        ("https://tiles.example.gov/a.json; script-src *", "written as %XX"),
        ("https://a.example.gov,b.example.gov/style.json", "written as %XX"),
        ("https://*/style.json", "a host in ASCII"),
        ("https://me:secret@tiles.example.gov/style.json", "a host in ASCII"),
        ("https://kärten.example.gov/style.json", "written as %XX"),
        ("https://tiles.example.gov:port/style.json", "the port of the address is no number"),
        ("https:///style.json", "a host in ASCII"),
    ],
)
def test_a_base_map_that_no_reader_could_load_stops_the_start(ckan_config, monkeypatch, address, words):
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://police.example.gov")
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.base_map", address)
    with pytest.raises(SettingError, match=re.escape(words)) as refused:
        config.check()
    assert str(refused.value).startswith("ckanext.cpdi.base_map: ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"issuer": "http://login.example.gov"}, "oidc.issuer must begin with https://"),
        ({"issuer": "https://login.example.gov/?tenant=1"}, "oidc.issuer must begin with https://"),
        ({"client_id": ""}, "oidc.client_id is missing"),
        ({"client_secret": "a secret in the settings"}, "oidc.client_secret is env:NAME or file:PATH"),
        ({"editors": "", "admins": " "}, "name the groups that may work here"),
        ({"scopes": ["email"]}, "oidc.scopes must have openid"),
    ],
)
def test_a_wrong_setting_of_the_sign_in_stops_the_start_without_its_value(ckan_config, monkeypatch, change, words):
    for name, value in {**RIGHT, **change}.items():
        monkeypatch.setitem(ckan_config, f"ckanext.cpdi.oidc.{name}", value)
    with pytest.raises(SettingError, match=re.escape(words)) as refused:
        config.check()
    assert "a secret in the settings" not in str(refused.value)


def test_groups_give_the_highest_role_and_the_secret_is_read_anew(ckan_config, monkeypatch, tmp_path):
    for name, value in RIGHT.items():
        monkeypatch.setitem(ckan_config, f"ckanext.cpdi.oidc.{name}", value)
    settings = config.sign_in()
    groups = (["Records, Division", "Chiefs"], ["Records, Division"], ["Parks"], ["records, division"])
    assert [settings.role_of(frozenset(some)) for some in groups] == ["admin", "editor", None, None]
    monkeypatch.delenv("OIDC_SECRET_OF_TESTS", raising=False)
    with pytest.raises(SettingError, match="env:OIDC_SECRET_OF_TESTS is empty or not set"):
        settings.secret()
    kept = tmp_path / "secret"
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.oidc.client_secret", f"file:{kept}")
    with pytest.raises(SettingError, match="cannot be read"):
        config.sign_in().secret()
    for value in ("first", "second"):
        kept.write_text(f"{value}\n")
        assert config.sign_in().secret() == value
