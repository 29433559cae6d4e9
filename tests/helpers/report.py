"""A file that staff save in one of the portal's languages, in a dataset of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import portal_user

OWN = "minutes-of-meetings"


def save_in_spanish(app: Any, folder: Path) -> str:
    """Save a file of ``folder`` in the dataset ``OWN``, as a request of the Spanish pages does; return its id."""
    made = {"name": OWN, "title": "Minutes", "notes": "Minutes of meetings.", "owner_org": config.organization()}
    tk.get_action("package_create")(portal_user(), made)
    spanish = {"CKAN_LANG": "es", "CKAN_LANG_IS_DEFAULT": False}
    with (
        (folder / "week.pdf").open("w+b") as content,
        app.flask_app.test_request_context("/dataset/new", environ_overrides=spanish),
    ):
        content.write(b"%PDF-1.4\n%%EOF\n")
        content.seek(0)
        upload = FileStorage(content, filename="Week 1.pdf", content_type="application/pdf")
        described = {"package_id": OWN, "name": "Week 1", "format": "PDF", "upload": upload}
        return tk.get_action("resource_create")(portal_user(), described)["id"]
