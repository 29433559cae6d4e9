"""The explorer: a table seen as map, charts, table and numbers under one filter; here what its page says by itself."""

from ckanext.cpdi.site.explore.routes import blueprint

__all__ = ["blueprint"]
