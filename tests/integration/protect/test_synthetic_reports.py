"""A real portal takes no synthetic report, and can still be rid of those that a demo left."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action
from helpers.pdfs import written
from werkzeug.datastructures import FileStorage

from ckanext.cpdi.jobs import kinds, load

SERIES = "compstat-reports"


def send(editor, path):
    """Send a file to the archive as a records analyst does."""
    with path.open("rb") as content:
        upload = FileStorage(content, filename=path.name, content_type="application/pdf")
        return call_action("cpdi_report_receive", context=dict(editor["context"]), series=SERIES, upload=upload)


def test_a_synthetic_report_is_refused_on_a_real_portal_in_words(portal, editor, ckan_config, monkeypatch, tmp_path):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    with pytest.raises(tk.ValidationError, match="synthetic"):
        send(editor, written(tmp_path / "SAMPLE-compstat-2025-12-28.pdf", ["Compstat"]))
    assert send(editor, written(tmp_path / "compstat-2025-12-28.pdf", ["Compstat"]))["state"] == "held"
    with pytest.raises(tk.ValidationError, match="synthetic report"):
        call_action("resource_create", package_id=SERIES, url="https://example.org/files/SAMPLE%20Compstat.pdf")


def test_what_a_demo_left_can_be_removed(portal, editor, ckan_config, monkeypatch, folders):
    (folders["drop"] / "reports").mkdir()
    written(folders["drop"] / "reports" / "SAMPLE-compstat-2025-12-28.pdf", ["Compstat"])
    assert load.run(SERIES, "drop:reports", label="Sample").added == 1
    kinds.follow(SERIES)
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    call_action("package_patch", context=dict(editor["context"]), id=SERIES, notes="Real ones come soon")
    act = {"context": dict(editor["context"])}
    (report,) = call_action("cpdi_report_list", **act, series=SERIES, state="published")
    call_action("cpdi_report_withdraw", context=dict(editor["context"]), report=report["id"], note="a demo's")
    assert call_action("package_show", id=SERIES)["resources"] == []
