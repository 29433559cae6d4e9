"""``/data/DATASET/archive/YEAR.zip``: frozen years, to be cited.

``YEAR.zip`` is the present archive; ``YEAR.VERSION.zip`` is one version of it, and 404 once that has been replaced.
``YEAR.zip.sha256`` is the checksum as ``sha256sum --check`` reads it.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.publish.frozen_years import frozen
from ckanext.cpdi.publish.frozen_years.frozen import Frozen
from ckanext.cpdi.services.http import parameters
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import answer_again, no_such_file, open_to_all, say, send
from ckanext.cpdi.services.http.headers import cache

blueprint = Blueprint("cpdi_archives", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep an archive: no longer than access decisions are cached."""
_NAME = re.compile(r"(?P<year>\d{4})(\.(?P<version>\d{8}-\d{1,18}))?\.zip(?P<checksum>\.sha256)?", re.ASCII)


@blueprint.get("/<dataset>/archive/<name>")
def show(dataset: str, name: str) -> Response:
    """Answer with the archive or its checksum; 404 with links to the archives that exist."""
    declared, match = config.library().get(dataset), _NAME.fullmatch(name)
    allowed = readers(dataset) if declared and declared.table else Readers.NOBODY
    if declared is None or allowed is Readers.NOBODY or match is None:
        return no_such_file()
    if parameters.selecting(declared, request.args):
        return say(400, "An archive is served whole. Without a question mark it is:", [addresses.url(request.path)])
    year, checksum = int(match["year"]), bool(match["checksum"])
    response = answer_again(lambda: _answer(dataset, year, match["version"], checksum=checksum))
    if response.status_code >= 400:
        return response
    return cache(response, SECONDS if allowed is Readers.EVERYBODY else 0)


def _answer(dataset: str, year: int, version: str | None, *, checksum: bool) -> Response:
    """Return the archive of ``year`` or its checksum; 404 where it is not the ``version`` requested."""
    archive = frozen.find(config.files_path(), dataset, year)
    if archive is None or version not in (None, archive.version):
        links = [addresses.url(other.path) for other in frozen.archives(config.files_path(), dataset)]
        return say(404, "There is no such archive, or it has been replaced. There are:", links)
    if checksum:
        return Response(f"{archive.sha256}  {archive.download_name}\n", mimetype="text/plain")
    return _send(archive)


def _send(archive: Frozen) -> Response:
    """Return the archive."""
    path = frozen.home(config.files_path(), archive.dataset) / archive.file_name
    etag = f"{archive.version}-{archive.sha256[:16]}"
    response = send(path, frozen.MEDIA_TYPE, name=archive.download_name, etag=etag)
    if response.status_code < 400:
        response.headers["Cpdi-Version"] = archive.version
    return response
