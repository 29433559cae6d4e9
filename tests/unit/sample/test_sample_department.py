"""The profile of the sample's department: its own, with the areas of the invented city, readable wherever it lies."""

from pathlib import Path

import pytest
from msgspec import structs

from ckanext.cpdi.declare import read_areas, read_library, read_profile
from ckanext.cpdi.declare.departments.profile_file import located
from ckanext.cpdi.sample import conduct, write_profile

ROOT = Path(__file__).parents[3]
CLASSES = read_library(ROOT / "schemas").classes


@pytest.mark.parametrize("name", ["charleston", "burlington"])
def test_a_profile_reads_the_same_from_elsewhere_but_for_its_areas(tmp_path, name):
    source = ROOT / "profiles" / f"{name}.yaml"
    own = read_profile(source, CLASSES)
    target = tmp_path / f"{name}.yaml"
    assert write_profile(target, source, own, 1)
    profile = read_profile(target, CLASSES)
    assert (profile.name, profile.version) == (own.name, f"{own.version}-sample")
    drawn = [area for area in read_areas(profile) if area.layer == "neighborhood"]
    assert all(area.name and area.population and "invented" in area.note for area in drawn)
    assert 100_000 < sum(area.population for area in drawn) < 160_000
    assert profile.geojson(profile.boundary) == own.geojson(own.boundary)
    assert set(profile.datasets) == {*own.datasets, *conduct.FEEDS}
    for name, held in {"datasets": own.datasets, "categories": own.categories, "lists": own.lists}.items():
        assert held.items() <= getattr(profile, name).items()
    assert profile.area_title("neighborhood").get("es") == "Barrio"
    files = {"folder", "boundary", "teams", "categories_file", "code_lists", "areas", "area_titles", "version"}
    more = {"datasets", "categories", "lists"}
    assert [
        key for key in structs.asdict(own) if key not in files | more and getattr(own, key) != getattr(profile, key)
    ] == []


def test_it_is_written_again_only_where_it_says_something_else(tmp_path):
    source = ROOT / "profiles" / "charleston.yaml"
    own, target = read_profile(source, CLASSES), tmp_path / "charleston.yaml"
    assert write_profile(target, source, own, 1)
    assert not write_profile(target, source, own, 1)
    assert write_profile(target, source, structs.replace(own, version="later"), 1)
    (tmp_path / "charleston-areas.geojson").unlink()
    assert write_profile(target, source, structs.replace(own, version="later"), 1)


def test_areas_of_a_profile_are_located_as_well(tmp_path):
    path = tmp_path / "town.yaml"
    path.write_text("name: town\nareas: {wards: town/wards.geojson}\n", encoding="utf-8")
    assert located(path)["areas"] == {"wards": str(tmp_path / "town/wards.geojson")}
