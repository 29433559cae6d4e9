"""Places: an address becomes a unit of eight or more addresses, with one label, one point and one team."""

from ckanext.cpdi.rows.places.build import POINTS, build_places
from ckanext.cpdi.rows.places.gazetteer import Places, PlacesFormError, convert_places, read_places, write_places

__all__ = ["POINTS", "Places", "PlacesFormError", "build_places", "convert_places", "read_places", "write_places"]
