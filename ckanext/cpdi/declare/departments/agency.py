"""The police department itself: what it is called, where it is, and how it is reached."""

from __future__ import annotations

from msgspec import Struct

from ckanext.cpdi.declare.reading.text import Text


class Agency(Struct, frozen=True, forbid_unknown_fields=True):
    """The police department; ``ori`` is its FBI identifier, ``portal_url`` the home of the city's other open data."""

    name: Text
    short_name: str
    city: str
    state: str
    ori: str = ""
    url: str = ""
    portal_url: str = ""
    contact_name: Text = Text("")
    contact_email: str = ""
    contact_phone: str = ""
    """Whom residents call where it is no emergency."""
    records_request_url: str = ""
    terms: Text = Text("")
    """The notice that the state's law wants beside public records; on every page, in API and files."""
