"""The room that files need on the disk: reckoned before a build, never far below what they then have."""

import shutil

import pytest

from ckanext.cpdi.publish import room
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.formats.kml import Kml


def test_a_build_that_fits_is_let_through(tmp_path):
    room.check(tmp_path, 1)


def test_a_build_that_does_not_fit_is_refused_with_what_it_wants_and_what_there_is(tmp_path):
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(room.NoRoomError, match=r"has [\d,]+ MB free, and new files need [\d,]+ MB") as refused:
        room.check(tmp_path, free)
    numbers = [int(word.replace(",", "")) for word in str(refused.value).split() if word[0].isdigit()]
    assert numbers[1] == pytest.approx(free * room.SPARE / 1e6, rel=0.01)
    assert numbers[0] == pytest.approx(free / 1e6, rel=0.1)


@pytest.mark.parametrize("extension", list(formats()))
@pytest.mark.parametrize("count", [0, 2000])
def test_a_file_is_not_larger_than_reckoned(part_of, tmp_path, extension, count):
    """Rows with a text and a point, and half of the fields empty, as those of real tables are."""
    part = part_of(
        *[{"problem": f"Traffic stop {at}", "latitude": 32.7 + at / 1e5, "longitude": -79.9} for at in range(count)]
    )
    path = tmp_path / f"calls.{extension}"
    formats()[extension].make(part, path)
    assert path.stat().st_size <= formats()[extension].size(part)


def test_a_kml_of_all_rows_is_never_larger_than_a_globe_opens(part_of):
    whole, year = part_of(), part_of(year=2024)
    for part in (whole, year):
        object.__setattr__(part, "rows", 10_000_000)
    assert Kml().size(whole) == Kml.limit
    assert Kml().size(year) > 10 * Kml.limit
