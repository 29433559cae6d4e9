"""The department as header and footer show it, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Profile


@dataclass(frozen=True)
class Department:
    """The department's name, its links (empty where the profile has none) and its legal notice."""

    name: str
    short_name: str
    city: str
    state: str
    url: str
    portal_url: str
    contact_name: str
    contact_email: str
    records_request_url: str
    terms: str


def describe(profile: Profile, language: str) -> Department:
    """Return the department of ``profile``."""
    agency = profile.agency
    return Department(
        name=agency.name.get(language),
        short_name=agency.short_name,
        city=agency.city,
        state=agency.state,
        url=agency.url,
        portal_url=agency.portal_url,
        contact_name=agency.contact_name.get(language),
        contact_email=agency.contact_email,
        records_request_url=agency.records_request_url,
        terms=agency.terms.get(language),
    )
