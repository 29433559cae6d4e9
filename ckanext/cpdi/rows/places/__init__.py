"""Places: pieces of ground with eight or more addresses, each with one label, one point, one team, one of each area."""

from ckanext.cpdi.rows.places.build import Evidence, build_places
from ckanext.cpdi.rows.places.file import UNITS, Places, PlacesFormError, read_places, write_places
from ckanext.cpdi.rows.places.find import NONE, Finder, Match
from ckanext.cpdi.rows.places.grow import succeeded
from ckanext.cpdi.rows.places.members import POINTS, summed
from ckanext.cpdi.rows.places.public import PUBLIC
from ckanext.cpdi.rows.places.truth import PlaceFigures, PlaceTally, tally

__all__ = [
    "NONE",
    "POINTS",
    "PUBLIC",
    "UNITS",
    "Evidence",
    "Finder",
    "Match",
    "PlaceFigures",
    "PlaceTally",
    "Places",
    "PlacesFormError",
    "build_places",
    "read_places",
    "succeeded",
    "summed",
    "tally",
    "write_places",
]
