"""The archive of reports as readers see it: the editions of a series, the text of their pages, search to the page.

All functions take a connection of the read role, such as that of :func:`ckanext.cpdi.selection.pool.transaction`, and
know published reports only.
"""
