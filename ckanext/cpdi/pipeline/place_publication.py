"""The places follow the rows: their files, their table and their dataset, once rows were published by them."""

from __future__ import annotations

from pathlib import Path

from ckanext.cpdi import config
from ckanext.cpdi.catalog import places as catalogue
from ckanext.cpdi.catalog.approved import current_approval
from ckanext.cpdi.catalog.parts import PLACES, resource_id
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.pipeline.places import read_stored
from ckanext.cpdi.publish import places as files
from ckanext.cpdi.publish.place_files import find
from ckanext.cpdi.rows.places.published import published_places
from ckanext.cpdi.rows.version import MaskingVersion, has_places
from ckanext.cpdi.store import Store


def publish(store: Store, dataset: Dataset, profile: Profile) -> bool:
    """Publish the places that the rows of ``dataset`` were masked with; return whether anything was written.

    Places that no approved rows show yet, since they are new or the rules are, are not published.
    """
    path = config.places_path(profile.name)
    if not has_places(dataset) or not path.exists():
        return False
    source, served = _source(path, profile), find(config.files_path())
    if served is not None and served.source == source:
        return False
    places = read_stored(path)
    if places is None or places.is_empty or current_approval(store, dataset.name) is None:
        return False
    if store.tables.masks(dataset.name) != str(MaskingVersion.of(dataset, profile, places)):
        return False
    table = published_places(places, tuple(profile.areas))
    written = files.write(table, config.files_path(), source)
    if served is None or served.version != written.version:
        notes = {name: (title.en, note.en) for name, (title, note) in catalogue.columns(profile).items()}
        store.tables.replace(resource_id(PLACES), files.with_wkt(table), notes)
        catalogue.ensure(written, profile, table.height)
    files.serve(written)  # last: what failed before it is done again by the next run or tick
    return True


def _source(path: Path, profile: Profile) -> str:
    """Return what the files of the places are made from: this very places file, and the layers of the profile."""
    facts = path.stat()
    return f"{path.name} {facts.st_mtime_ns} {facts.st_size} {' '.join(profile.areas)}"
