"""Tables in reports: words with their boxes in, checked figures as rows out, and the feed that they are loaded from.

:func:`read_figures` reads one report as its series declares; :class:`FigureLedger` keeps those of all reports, compares
each with the report of a year before, and writes the feed of what adds up.
"""

from ckanext.cpdi.reports.tables.fault import Fault, ReportFaults, read_faults, write_faults
from ckanext.cpdi.reports.tables.figure import Figure, Figures, Held
from ckanext.cpdi.reports.tables.ledger import FigureLedger
from ckanext.cpdi.reports.tables.reading import read_figures, recipe

__all__ = [
    "Fault",
    "Figure",
    "FigureLedger",
    "Figures",
    "Held",
    "ReportFaults",
    "read_faults",
    "read_figures",
    "recipe",
    "write_faults",
]
