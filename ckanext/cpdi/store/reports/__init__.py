"""The archive of reports as runs and staff write it; readers have it in :mod:`ckanext.cpdi.selection.reports`."""

from ckanext.cpdi.store.reports.intake import Intake, Mention, SourceFile
from ckanext.cpdi.store.reports.record import (
    FileOutcome,
    Held,
    Known,
    Notice,
    PageText,
    Received,
)
from ckanext.cpdi.store.reports.reports import Reports

__all__ = [
    "FileOutcome",
    "Held",
    "Intake",
    "Known",
    "Mention",
    "Notice",
    "PageText",
    "Received",
    "Reports",
    "SourceFile",
]
