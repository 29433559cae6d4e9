"""Synthetic feeds in the form of a department's exports, without real events or persons.

In: a profile (code lists with their counts, boundary), a number of rows and a seed. Out: a CSV as the department's
systems would write it (:data:`.feeds.FEEDS`), reference data of the same invented city, or a folder of PDFs as the
department publishes them, dirt included. The same profile, rows, seed, end and days give the same bytes.
"""

from ckanext.cpdi.sample.calls import write_calls
from ckanext.cpdi.sample.citations import write_citations
from ckanext.cpdi.sample.department import write_profile
from ckanext.cpdi.sample.feeds import FEEDS, SampleFeed
from ckanext.cpdi.sample.ground import write_addresses, write_areas, write_streets
from ckanext.cpdi.sample.reports import write_reports

__all__ = [
    "FEEDS",
    "SampleFeed",
    "write_addresses",
    "write_areas",
    "write_calls",
    "write_citations",
    "write_profile",
    "write_reports",
    "write_streets",
]
