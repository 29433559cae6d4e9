"""The plugin only says which pieces exist."""

from __future__ import annotations

from pathlib import Path

import pytest
from ckan.plugins import get_plugin, plugin_loaded

import ckanext.cpdi.plugin
from ckanext.cpdi.catalog.parts import resource_id


@pytest.mark.usefixtures("with_plugins")
def test_the_plugins_are_loaded():
    assert plugin_loaded("cpdi")
    assert plugin_loaded("cpdi_cad")
    assert plugin_loaded("cpdi_citations")


def test_the_plugin_has_no_logic():
    assert len(Path(ckanext.cpdi.plugin.__file__).read_text().splitlines()) < 90


@pytest.mark.usefixtures("with_plugins")
def test_xloader_is_kept_away_from_our_resources_and_from_links():
    plugin = get_plugin("cpdi")  # the class itself would rename the one plugin, and put it behind all others
    assert not plugin.can_upload(resource_id("calls-for-service"))
    assert not plugin.can_upload(resource_id("calls-for-service", "kml"))
    assert not plugin.can_upload("00000000-0000-4000-8000-000000000000")
