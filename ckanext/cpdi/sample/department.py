"""The profile of a department whose city is the invented one: its own, with neighbourhoods that nobody lives in, and
with feeds of force and complaints where it has none.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.declare.departments.profile import BOUNDARY, TEAM
from ckanext.cpdi.declare.departments.profile_file import located
from ckanext.cpdi.sample import conduct
from ckanext.cpdi.sample.ground import write_areas
from ckanext.cpdi.whole_file import written

LAYER = "neighborhood"
_TITLE = {"en": "Neighborhood", "es": "Barrio"}


def write_profile(path: Path, source: Path, profile: Profile, seed: int) -> bool:
    """Write ``profile``, which stands at ``source``, to ``path``, with the areas of the city of ``seed`` and the code
    list of allegations beside it. What the department says itself of a feed, a list or a category holds.

    Returns whether the file was another before; its name stays, and its version says that it is a sample's. Raises
    DeclarationError where ``source`` cannot be read, OSError where ``path`` cannot be written.
    """
    areas, allegations = path.with_name(f"{path.stem}-areas.geojson"), path.with_name(f"{path.stem}-allegations.csv")
    own = located(source)
    titles = own.get("area_titles", {})
    document = own | {
        "version": f"{profile.version}-sample",
        "areas": {LAYER: areas.name},
        "area_titles": {
            **{layer: title for layer, title in titles.items() if layer in (BOUNDARY, TEAM)},
            LAYER: _TITLE,
        },
        "categories": conduct.CATEGORIES | own.get("categories", {}),
        "code_lists": {conduct.LIST: allegations.name} | own.get("code_lists", {}),
        "datasets": conduct.FEEDS | own.get("datasets", {}),
    }
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    files = {path: text, allegations: conduct.ALLEGATIONS}
    if areas.is_file() and all(file.is_file() and file.read_text(encoding="utf-8") == files[file] for file in files):
        return False
    write_areas(areas, profile, seed)
    for file, content in files.items():
        with written(file) as fresh:
            fresh.write_text(content, encoding="utf-8")
    return True
