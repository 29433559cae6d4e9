"""Rows: a batch of a feed becomes published rows and rejects. Pure: no CKAN, no SQL, no file but places.

A row is standardised (text, types, instants, points, codes), checked (what is damaged goes to quarantine, what is odd
is flagged), given its privacy classes, masked by them, keyed and fingerprinted. The published form is a function of the
row, the profile, the places, the key and the classes that the row had before; ``now`` and the run's turn decide only
whether it waits.
"""

from ckanext.cpdi.rows.engine import Outcome, process
from ckanext.cpdi.rows.errors import HeaderError
from ckanext.cpdi.rows.history import place_headers, place_points
from ckanext.cpdi.rows.masking.denied import Denied, record_keys
from ckanext.cpdi.rows.masking.embargo import Turn
from ckanext.cpdi.rows.places import (
    Evidence,
    Places,
    PlacesFormError,
    build_places,
    read_places,
    write_places,
)
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.planning import make_plan
from ckanext.cpdi.rows.survey import Survey

__all__ = [
    "Denied",
    "Evidence",
    "HeaderError",
    "Outcome",
    "Places",
    "PlacesFormError",
    "Plan",
    "Survey",
    "Turn",
    "build_places",
    "make_plan",
    "place_headers",
    "place_points",
    "process",
    "read_places",
    "record_keys",
    "write_places",
]
