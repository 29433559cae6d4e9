"""Guards that protect the tables and their addresses from CKAN's own forms, API and loaders.

A table's resource mirrors the store: nobody can delete it, write its rows or change its address, whichever way they
use. Staff can still edit titles, descriptions and the data dictionary.
"""
