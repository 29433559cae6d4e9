"""A report that staff save in one of the portal's languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.cpdi.catalog.people import portal_user

SERIES = "compstat-reports"


def save_in_spanish(app: Any, folder: Path) -> str:
    """Save a report of ``SERIES``, a file in ``folder``, as a request of the Spanish pages does; return its id."""
    spanish = {"CKAN_LANG": "es", "CKAN_LANG_IS_DEFAULT": False}
    with (
        (folder / "week.pdf").open("w+b") as content,
        app.flask_app.test_request_context("/dataset/new", environ_overrides=spanish),
    ):
        content.write(b"%PDF-1.4\n%%EOF\n")
        content.seek(0)
        upload = FileStorage(content, filename="Week 1.pdf", content_type="application/pdf")
        described = {"package_id": SERIES, "name": "Week 1", "format": "PDF", "upload": upload}
        return tk.get_action("resource_create")(portal_user(), described)["id"]
