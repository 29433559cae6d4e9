"""Files are sent by the web server in front, where there is one: a slow reader then holds no thread of Python.

In: the answer with a file, as Python would send it. Out: the same answer without the file, and an address in
``X-Accel-Redirect`` that nginx has the file at. Whether the client has the file already, and who may read it, was
decided before; ranges are nginx's, by the same ETag and date (``scripts/nginx.conf.in``).
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from flask import Response, request

from ckanext.cpdi import config

_OF_THE_PART = ("Content-Length", "Content-Range", "Accept-Ranges")
"""What nginx says of the part that it sends."""
_JUDGED_BY_THE_FILE = ("If-Match", "If-Unmodified-Since")
"""What nginx would judge once more, by the file's own time; it cannot be told ours."""


def hand_over(response: Response, path: Path) -> Response:
    """Return ``response``, which sends the file at ``path``, for the server in front to send, where that can be."""
    prefix, folder = tk.config["ckanext.cpdi.accel"], config.files_path()
    if (
        not prefix
        or response.status_code not in (200, 206)
        or any(name in request.headers for name in _JUDGED_BY_THE_FILE)
    ):
        return response
    response.close()
    response.response = []
    response.status_code = 200
    for name in _OF_THE_PART:
        response.headers.pop(name, None)
    response.headers["X-Accel-Redirect"] = prefix + quote(path.absolute().relative_to(folder).as_posix())
    return response
