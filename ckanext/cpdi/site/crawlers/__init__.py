"""What crawlers and social networks ask for: the list of pages, and a picture of each dataset."""

from ckanext.cpdi.site.crawlers.pictures import blueprint as pictures_blueprint
from ckanext.cpdi.site.crawlers.sitemap import blueprint as sitemap_blueprint

__all__ = ["pictures_blueprint", "sitemap_blueprint"]
