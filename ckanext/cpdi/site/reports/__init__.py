"""The pages of the archive of reports: a report, its text, search in all of them, a feed of each series."""

from ckanext.cpdi.site.reports.routes import blueprint

__all__ = ["blueprint"]
