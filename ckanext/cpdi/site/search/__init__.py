"""One search over everything that the portal has: datasets, pages of reports, help, places, kinds of records."""

from ckanext.cpdi.site.search.routes import everything

__all__ = ["everything"]
