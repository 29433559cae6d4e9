"""Reports that were uploaded into a series by CKAN's form, before there was an archive, go into it.

They are loaded as a run of the series. What the archive publishes or holds leaves the list of resources, and CKAN's
folder of uploads, since a held report is seen by nobody; what is no report stays where it is.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import files
from ckan.lib.uploader import get_resource_uploader

from ckanext.cpdi import config
from ckanext.cpdi.catalog.department import number_resources
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.desk import reports
from ckanext.cpdi.jobs import kinds, load
from ckanext.cpdi.store import Store
from ckanext.cpdi.store.reports import Known

LABEL = "Uploads of the series' page"


@dataclass(frozen=True)
class Adopted:
    """How many uploads were published, wait for staff, and stay where they were."""

    published: int = 0
    held: int = 0
    left: int = 0


@dataclass(frozen=True)
class _Upload:
    """A resource with a file of its own."""

    resource: dict[str, Any]
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The checksum of the file."""
        return hashlib.sha256(self.content).hexdigest()


def adopt(series: str, who: str) -> Adopted:
    """Load the uploads of ``series`` into its archive in the name of ``who``; return what became of them.

    An upload whose period only its resource says is published by that. Raises DatasetBusy where a run of the series is
    under way.
    """
    uploads = _uploads(series)
    if not uploads:
        return Adopted()
    with tempfile.TemporaryDirectory(dir=config.spool_path()) as name:
        for upload in uploads:
            # A folder for each: two uploads may have one name.
            target = Path(name, upload.resource["id"], str(upload.resource["url"]).rpartition("/")[2])
            target.parent.mkdir()
            target.write_bytes(upload.content)
        load.run(series, name, label=LABEL, trusted_path=True)
    with config.store() as store:
        states = [_state(store, series, upload, who) for upload in uploads]
    taken = [upload for upload, state in zip(uploads, states, strict=True) if state in ("published", "held")]
    _remove(series, taken)
    kinds.follow(series)
    counts = {state: states.count(state) for state in ("published", "held")}
    return Adopted(**counts, left=len(uploads) - len(taken))


def _uploads(series: str) -> list[_Upload]:
    """Return the uploads of ``series`` whose files are there."""
    package = model.Package.get(series)
    if package is None or package.state != "active":
        return []
    shown = tk.get_action("package_show")(portal_user(), {"id": package.id})["resources"]
    uploads = [(resource, _content(resource)) for resource in shown if resource.get("url_type") == "upload"]
    return [_Upload(resource, content) for resource, content in uploads if content is not None]


def _content(resource: dict[str, Any]) -> bytes | None:
    """Return the file of an upload; None where it is not there."""
    storage, place = _place(resource)
    try:
        return storage.content(files.FileData(place)) if storage else Path(place).read_bytes()
    except (OSError, files.exc.FilesError):
        return None


def _place(resource: dict[str, Any]) -> tuple[Any, Any]:
    """Return CKAN's storage of an upload and its location there; no storage where it lies in a folder of CKAN's."""
    uploader = get_resource_uploader({"id": resource["id"]})
    storage, path = getattr(uploader, "storage", None), uploader.get_path(resource["id"])
    return storage, files.Location(path) if storage else path


def _delete(resource: dict[str, Any]) -> None:
    storage, place = _place(resource)
    if storage:
        storage.remove(files.FileData(place))
    else:
        Path(place).unlink(missing_ok=True)


def _state(store: Store, series: str, upload: _Upload, who: str) -> str:
    """Return what the archive made of an upload; one that lacks a period alone is published by that of its resource."""
    known = store.reports.known(series).get(upload.sha256, Known("refused"))
    if known.report is None or known.state != "held":
        return known.state
    held, day = store.reports.get(known.report), str(upload.resource.get("period_end") or "")[:10]
    noticed = any(notice.holds for notice in store.reports.notices(known.report))
    if held is None or held.period_end is not None or noticed or not day:
        return known.state
    return reports.release(store, known.report, who, LABEL, date.fromisoformat(day)).state


def _remove(series: str, uploads: list[_Upload]) -> None:
    """Take uploads off the list of resources, and delete their files."""
    taken = {upload.resource["id"] for upload in uploads}
    stored = model.Package.get(series)
    if stored is not None:
        number_resources(stored)
    package = tk.get_action("package_show")(portal_user(), {"id": series})
    resources = [resource for resource in package["resources"] if resource["id"] not in taken]
    if taken:
        tk.get_action("package_patch")(portal_user(**{SET_UP: True}), {"id": package["id"], "resources": resources})
    for upload in uploads:
        _delete(upload.resource)
