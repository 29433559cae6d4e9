"""Errors in the data that people report: the form, the public list with its answers, and staff's pages."""

from ckanext.cpdi.site.errata.desk import blueprint as desk_blueprint
from ckanext.cpdi.site.errata.routes import blueprint

__all__ = ["blueprint", "desk_blueprint"]
