"""The addresses of the Help Center."""

from __future__ import annotations

from ckanext.cpdi.site.help.article import names

HELP = ("/help", *(f"/help/{name}" for name in names()))
