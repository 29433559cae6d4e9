"""The pages of the archive of reports: a report, its text, search in all, a feed of each series; and staff's pages."""

from ckanext.cpdi.site.reports.desk import blueprint as desk_blueprint
from ckanext.cpdi.site.reports.routes import blueprint
from ckanext.cpdi.site.reports.weekly_routes import blueprint as weekly_blueprint

__all__ = ["blueprint", "desk_blueprint", "weekly_blueprint"]
