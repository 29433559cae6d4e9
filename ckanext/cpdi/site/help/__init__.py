"""The Help Center: articles in Markdown, one file each and language, in ``articles/``."""

from ckanext.cpdi.site.help.article import Article, articles, names, render
from ckanext.cpdi.site.help.search import Match, matching

__all__ = ["Article", "Match", "articles", "matching", "names", "render"]
