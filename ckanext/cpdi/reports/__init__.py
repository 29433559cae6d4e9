"""Reports in PDF: what one is, what is in it that should not be, which period it is of, and which are missing.

In: a file, its name, a series as declared. Out: an :class:`Examination`, a clean file and a picture, a :class:`Period`.
Callers import from here; the libraries that read PDFs are loaded in a process of their own and nowhere else.
"""

from ckanext.cpdi.reports.examination import draw_page, examine
from ckanext.cpdi.reports.period import Period, propose
from ckanext.cpdi.reports.process.client import end_servers
from ckanext.cpdi.reports.report import (
    HOLDING,
    REASONS,
    REMOVED,
    Box,
    Examination,
    Finding,
    Kind,
    Limits,
    Origin,
    Page,
    Refused,
    Word,
)

__all__ = [
    "HOLDING",
    "REASONS",
    "REMOVED",
    "Box",
    "Examination",
    "Finding",
    "Kind",
    "Limits",
    "Origin",
    "Page",
    "Period",
    "Refused",
    "Word",
    "draw_page",
    "end_servers",
    "examine",
    "propose",
]
