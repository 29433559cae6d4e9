"""The records desk's pages: what waits for staff, the deny list, the approval of privacy rules."""

from ckanext.cpdi.site.desk.pages import desk

__all__ = ["desk"]
