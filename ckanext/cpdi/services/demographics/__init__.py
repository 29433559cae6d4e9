"""``/data/TABLE/demographics``: people counted by one characteristic and year, for programs."""

from ckanext.cpdi.services.demographics.files import blueprint

__all__ = ["blueprint"]
