"""Departments: data only; ``ckanext.cpdi.declare`` reads it."""
