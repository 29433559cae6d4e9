"""nginx's configuration: whose address counts, and that it needs no secret."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def front_config():
    spec = importlib.util.spec_from_file_location("front_config", ROOT / "scripts/front_config.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


ADDRESS = r"[0-9a-fA-F.:]+"


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1,203.0.113.9 ", "203.0.113.9"),
        (1, "2001:db8::7", "2001:db8::7"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", None),
        (1, "unknown", None),
        (1, "203.0.113.9, <script>", None),
        (1, "", None),
    ],
)
def test_of_a_list_the_one_that_the_nearest_proxies_saw_counts(front_config, proxies, header, found):
    pattern = re.fullmatch(r'"~(.*)" \$nth;', front_config.nth(proxies, ADDRESS))[1]
    matched = re.search(pattern.replace("(?<", "(?P<"), header)
    assert (matched["nth"] if matched else None) == found


def test_without_proxies_no_header_is_believed(front_config):
    assert front_config.nth(0, ADDRESS) == ""


def test_without_an_ini_file_its_template_is_enough(front_config, monkeypatch, tmp_path):
    for name, value in {
        "CKAN_INI": str(tmp_path / "none.ini"),
        "CPDI_DATA": "/var/lib/portal",
        "SITE_URL": "https://data.example.gov/",
        "PROXIES": "1",
        "WEB_PORT": "5000",
        "WEB_HOST": "0.0.0.0",
    }.items():
        monkeypatch.setenv(name, value)
    front_config.main(str(tmp_path / "front"), "/run/sockets")
    text = (tmp_path / "front/nginx.conf").read_text()
    assert "alias /var/lib/portal/files/;" in text
    assert 'default "https://data.example.gov";' in text
    assert "rate=15r/s" in text
    assert "listen 0.0.0.0:5000;" in text
    assert not re.search(r"@[A-Z_]+@", text)


def test_the_title_of_the_site_stands_in_a_page_as_it_is(front_config):
    assert front_config.literal("Data's <home> $uri\\") == "Data&#x27;s &lt;home&gt; &#36;uri&#92;"


def test_a_setting_in_the_ini_file_counts(front_config, tmp_path):
    ini = tmp_path / "ckan.ini"
    ini.write_text("[app:main]\nckanext.cpdi.limits.streams = 7\nsecret = a%%b\nhome = %(here)s/files\n")
    found = front_config.settings(ini)
    assert (found["ckanext.cpdi.limits.streams"], found["ckanext.cpdi.limits.connections"]) == ("7", "40")
    assert found["home"] == f"{tmp_path}/files"
