"""The Help Center: articles in Markdown, one file each and language, in ``articles/``; its pages."""

from ckanext.cpdi.site.help.routes import center

__all__ = ["center"]
