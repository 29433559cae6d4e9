"""Files that pages consist of: styles, scripts, pictures.

Each address names the content behind it, so that browsers and the web server in front keep it for good and ask nobody
again: by a hash in the file's name where a build has put one there, by a version in its path, or by ``?v=``. An address
that names another content, or none, is asked for anew each time.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

import ckan.plugins.toolkit as tk
from flask import Response, current_app, request
from werkzeug.security import safe_join

from ckanext.cpdi.services.http.headers import keep

_BUILT, _MANIFEST = "/cpdi/explore/", "manifest.json"
_NAMED = re.compile(
    r"/cpdi/explore/[^/]+-[\w-]{8}\.(?:js|css)"  # Vite
    r"|/cpdi/vendor/[^/]+/\d+\.\d+\.\d+/(?!.*-worker\.)[^/]+"  # build-assets; the policy of a worker follows settings
    r"|/webassets/(?:[^/]+/)*[0-9a-f]{8}_[^/]+"  # webassets
)
_ENDPOINTS = ("static", "webassets.index")
_LENGTH = 12


def address(path: str) -> str:
    """Return the address of the file at ``path``, such as ``/cpdi/emblem.svg``, or of an entry of the explorer's build,
    such as ``/cpdi/explore/start.js``. One that is not there has the address that it would have.
    """
    name = path.removeprefix(_BUILT)
    if name != path:
        return str(tk.h.url_for_static(_BUILT + _entries().get(name, name)))
    digest = _digest_of(path)
    return str(tk.h.url_for_static(path, v=digest) if digest else tk.h.url_for_static(path))


def mark(response: Response) -> Response:
    """Let caches keep the file that was asked for, where its address names its content."""
    if request.endpoint in _ENDPOINTS and response.status_code in (200, 304) and _is_named():
        keep(response)
    return response


def _is_named() -> bool:
    version = request.args.get("v")
    return bool(_NAMED.fullmatch(request.path) or (version and version == _digest_of(request.path)))


def _digest_of(path: str) -> str:
    file = _file(path)
    return _digest(file, file.stat().st_mtime_ns) if file else ""


@lru_cache(maxsize=256)
def _digest(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:_LENGTH]


def _entries() -> dict[str, str]:
    """Return the names of the files of the explorer's build by those that they have without a hash."""
    file = _file(_BUILT + _MANIFEST)
    return _read(file, file.stat().st_mtime_ns) if file else {}


@lru_cache(maxsize=2)
def _read(file: Path, _changed: int) -> dict[str, str]:
    built = json.loads(file.read_text(encoding="utf-8")).values()
    named = [output["file"] for output in built if output.get("isEntry") or output["file"].endswith(".css")]
    return {re.sub(r"-[\w-]{8}(?=\.\w+$)", "", name): name for name in named}


def _file(path: str) -> Path | None:
    """Return the static file that Flask sends for ``path``, below the root of the portal; the first folder counts."""
    for folder in current_app.static_folder or ():
        name = safe_join(folder, path.lstrip("/"))
        if name and (file := Path(name)).is_file():
            return file
    return None
