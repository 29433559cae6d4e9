"""Vector tiles of the tables (OGC API Tiles): what describes them, and what keeps those that were made.

The routes stand in :mod:`ckanext.cpdi.services.vector_tiles`, what is in a tile in :mod:`ckanext.cpdi.selection.tiles`.
"""
