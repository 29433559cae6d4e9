"""What staff upload is no page of this portal: a browser saves it, or shows it where nothing in it can run.

The type of an upload is what somebody typed into a form. Pictures of points and PDFs are shown, the latter by the
browser's own reader, which is why they have no sandbox: Chromium opens no PDF in one. All else is an attachment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, request

from ckanext.cpdi.protect import resources

blueprint = Blueprint("cpdi_uploads", __name__)

_SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
_NOTHING = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_FOLDER = "/uploads/"


@blueprint.after_app_request
def confine(response: Response) -> Response:
    """Set the headers of an upload's answer; all others stay as they are."""
    if _is_upload() and response.status_code in (200, 206, 304):
        response.headers["X-Content-Type-Options"] = "nosniff"
        pdf = response.mimetype == "application/pdf"
        response.headers["Content-Security-Policy"] = _NOTHING if pdf else f"{_NOTHING}; sandbox"
        name = urlsplit(request.path).path.rpartition("/")[2]
        kind = "inline" if response.mimetype in _SHOWN else "attachment"
        response.headers.set("Content-Disposition", kind, filename=name)
    return response


def _is_upload() -> bool:
    blueprint_name, _, view = (request.endpoint or "").rpartition(".")
    if view == "download" and (blueprint_name == "resource" or blueprint_name.endswith("_resource")):
        return True
    return blueprint_name == "file" or (request.endpoint == "static" and request.path.startswith(_FOLDER))


def is_loaded(resource_id: str) -> bool:
    """Return whether the loader of tables takes a resource: an upload of staff's own, and nothing that is ours."""
    found = model.Resource.get(resource_id)
    return found is not None and found.url_type == "upload" and not resources.is_ours(found.id)


def only_uploads(fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Return the loader's ``fetch`` so that it asks for nothing but an upload of this portal, as it stands then.

    A job waits in a queue, and the resource may be a link by the time it is done.
    """

    def guarded(url: str, headers: Any) -> Any:  # noqa: ANN401  as ckanext-xloader has them
        own = urlsplit(tk.config["ckan.site_url"])
        asked = urlsplit(url)
        parts = asked.path.split("/")
        resource_id = parts[parts.index("resource") + 1] if "resource" in parts[:-1] else ""
        if (asked.scheme, asked.netloc) != (own.scheme, own.netloc) or not is_loaded(resource_id):
            raise PermissionError("Only files that are uploaded to the portal are loaded into tables.")
        return fetch(url, headers)

    return guarded


def confine_loader() -> None:
    """Let ckanext-xloader fetch nothing but uploads; calling it again changes nothing."""
    from ckanext.xloader import jobs

    if not getattr(jobs.get_response, "cpdi_guarded", False):
        guarded = only_uploads(jobs.get_response)
        setattr(guarded, "cpdi_guarded", True)  # noqa: B010  a function's own mark
        jobs.get_response = guarded
