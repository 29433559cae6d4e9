"""Puts finished files on the shelf, each whole or not at all, and takes old ones away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ckanext.cpdi.publish import snapshot_store, unpacked
from ckanext.cpdi.publish.address import ABOUT, PACKAGE, address_of
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.package import File, document, package, resource
from ckanext.cpdi.whole_file import put, written


def install_snapshot(extract: Extract, kind: Format, made: Path, target: Path) -> None:
    """Put the file ``made`` at ``target``; its sidecar goes first, so that no file is ever without one."""
    address = address_of(extract.dataset, extract.year, kind.extension, about=extract.about)
    file = File.of(made, address.path.rpartition("/")[2], kind.packed)
    described = package(extract, [resource(extract, kind, file)])
    _put_json(described, snapshot_store.sidecar(target))
    put(made, target)


def put_away(folder: Path, dataset: str, wanted: set[Path]) -> None:
    """Remove every file but the ``wanted``, each with its sidecar and its plain copy."""
    own = {snapshot_store.LOCK, unpacked.LOCK, PACKAGE}
    kept = ((path.name, snapshot_store.sidecar(path).name, unpacked.name_of(path.name)) for path in wanted)
    snapshot_store.empty(folder / dataset, own.union(*kept))


def install_package(folder: Path, whole: Extract) -> None:
    """Write the Data Package of all files there are, where it says something new.

    A year's schema is that of the whole; it stands in the year's own sidecar and not here.
    """
    name = whole.dataset.name
    about_files = [snapshot_store.find_about(folder, name, about) for about in ABOUT]
    snapshots = [*snapshot_store.files(folder, name), *(snapshot for snapshot in about_files if snapshot)]
    described = package(whole, [_listed(snapshot, whole) for snapshot in snapshots])
    target = folder / name / PACKAGE
    if _read_json(target) != described:
        _put_json(described, target)


def _listed(snapshot: snapshot_store.Snapshot, whole: Extract) -> dict[str, Any]:
    """Return the resource of a file as the package of all files lists it: by its URL."""
    described: dict[str, Any] = json.loads(snapshot.sidecar.read_bytes())["resources"][0]
    url = whole.site.url
    described["path"] = url + address_of(whole.dataset, snapshot.year, snapshot.extension, about=snapshot.about).path
    if snapshot.year is not None:
        kept = {name: value for name, value in described.items() if name not in ("schema", "dialect")}
        sidecar = address_of(whole.dataset, snapshot.year, snapshot.extension, sidecar=True)
        return kept | {"profile": "data-resource", "cpdi:describedBy": url + sidecar.path}
    return described


def _read_json(path: Path) -> object:
    """Return what the file holds; None where there is none, or no JSON in it."""
    try:
        return json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _put_json(content: dict[str, Any], target: Path) -> None:
    """Write ``content`` as JSON to ``target``."""
    with written(target, durable=True) as made:
        made.write_bytes(document(content))
