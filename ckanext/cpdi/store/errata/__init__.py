"""Errors in the data that people reported; :mod:`ckanext.cpdi.selection.errata` has what is public of them."""

from ckanext.cpdi.store.errata.errata import Answer, Errata, Letter, StaffErratum

__all__ = ["Answer", "Errata", "Letter", "StaffErratum"]
