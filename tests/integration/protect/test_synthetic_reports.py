"""A real portal takes no synthetic report, and can still be rid of those that a demo left."""

from __future__ import annotations

import io

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

SERIES = "compstat-reports"


@pytest.fixture
def report(portal, editor, ckan_config, monkeypatch, tmp_path):
    """Upload a file as a records analyst does; return the resource."""
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path / "storage"))

    def upload(name):
        content = FileStorage(io.BytesIO(b"%PDF-1.4 x"), filename=name, content_type="application/pdf")
        return call_action(
            "resource_create", context=dict(editor["context"]), package_id=SERIES, upload=content, name="Week"
        )

    return upload


def test_a_synthetic_report_is_refused_on_a_real_portal_in_words(report, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    with pytest.raises(tk.ValidationError, match="synthetic report"):
        report("SAMPLE-compstat-2025-12-28.pdf")
    assert report("compstat-2025-12-28.pdf")["format"] == "PDF"
    with pytest.raises(tk.ValidationError, match="synthetic report"):
        call_action("resource_create", package_id=SERIES, url="https://example.org/files/SAMPLE%20Compstat.pdf")
    assert len(call_action("package_show", id=SERIES)["resources"]) == 1


def test_what_a_demo_left_can_be_edited_and_removed(report, editor, ckan_config, monkeypatch):
    first, second = report("SAMPLE-compstat-2025-12-21.pdf"), report("SAMPLE-compstat-2025-12-28.pdf")
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    call_action("package_patch", context=dict(editor["context"]), id=SERIES, notes="Real ones come soon")
    for one in (first, second):
        call_action("resource_delete", context=dict(editor["context"]), id=one["id"])
    assert call_action("package_show", id=SERIES)["resources"] == []
