"""Headers for uploads: a browser saves an uploaded file, or shows it in a way that nothing in it can run.

The type of an upload is what somebody typed into a form. Raster images and PDFs are shown. PDFs have no sandbox, since
Chromium opens none in a sandbox; the browser's own viewer shows them. All other uploads are attachments.
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

_INLINE_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_FOLDER = "/uploads/"


@blueprint.after_app_request
def confine(response: Response) -> Response:
    """Set the headers of an upload's answer; leave all other answers unchanged."""
    if _is_upload() and response.status_code in (200, 206, 304):
        response.headers["X-Content-Type-Options"] = "nosniff"
        pdf = response.mimetype == "application/pdf"
        response.headers["Content-Security-Policy"] = _POLICY if pdf else f"{_POLICY}; sandbox"
        name = urlsplit(request.path).path.rpartition("/")[2]
        kind = "inline" if response.mimetype in _INLINE_TYPES else "attachment"
        response.headers.set("Content-Disposition", kind, filename=name)
    return response


def _is_upload() -> bool:
    blueprint_name, _, view = (request.endpoint or "").rpartition(".")
    if view == "download" and (blueprint_name == "resource" or blueprint_name.endswith("_resource")):
        return True
    return blueprint_name == "file" or (request.endpoint == "static" and request.path.startswith(_FOLDER))


def may_load(resource_id: str) -> bool:
    """Return whether the loader of tables may take a resource: an upload, and none of ours."""
    resource = model.Resource.get(resource_id)
    return resource is not None and resource.url_type == "upload" and not resources.is_ours(resource.id)


def only_uploads(fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Return the loader's ``fetch``, limited to resources that are uploads of this portal when it is called.

    A job waits in a queue, and by then the resource may be a link. Raises PermissionError for any other address.
    """

    def fetch_upload(url: str, headers: Any) -> Any:  # noqa: ANN401  as ckanext-xloader has them
        own = urlsplit(tk.config["ckan.site_url"])
        requested = urlsplit(url)
        parts = requested.path.split("/")
        resource_id = parts[parts.index("resource") + 1] if "resource" in parts[:-1] else ""
        if (requested.scheme, requested.netloc) != (own.scheme, own.netloc) or not may_load(resource_id):
            raise PermissionError("Only files that are uploaded to the portal are loaded into tables.")
        return fetch(url, headers)

    return fetch_upload


def confine_loader() -> None:
    """Let ckanext-xloader fetch nothing but uploads; calling it again changes nothing."""
    from ckanext.xloader import jobs

    if not getattr(jobs.get_response, "cpdi_guarded", False):
        guarded = only_uploads(jobs.get_response)
        setattr(guarded, "cpdi_guarded", True)  # noqa: B010  a function's own mark
        jobs.get_response = guarded
