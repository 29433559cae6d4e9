"""``/reports``: the files of the archive of reports, and what there is of a series, for programs."""

from ckanext.cpdi.services.reports.files import blueprint

__all__ = ["blueprint"]
