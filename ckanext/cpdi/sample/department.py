"""The profile of a department whose city is the invented one: its own, with neighbourhoods that nobody lives in."""

from __future__ import annotations

from pathlib import Path

import yaml

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.declare.departments.profile_file import located
from ckanext.cpdi.sample.ground import write_areas
from ckanext.cpdi.whole_file import written

LAYER = "neighborhood"


def write_profile(path: Path, source: Path, profile: Profile, seed: int) -> bool:
    """Write ``profile``, which stands at ``source``, to ``path`` with the areas of the city of ``seed`` beside it.

    Returns whether the file was another before; its name stays, and its version says that it is a sample's. Raises
    DeclarationError where ``source`` cannot be read, OSError where ``path`` cannot be written.
    """
    areas = path.with_name(f"{path.stem}-areas.geojson")
    document = located(source) | {"version": f"{profile.version}-sample", "areas": {LAYER: areas.name}}
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    if path.is_file() and areas.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    write_areas(areas, profile, seed)
    with written(path) as fresh:
        fresh.write_text(text, encoding="utf-8")
    return True
