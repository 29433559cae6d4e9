"""What keeps the tables and their addresses from harm through CKAN's own forms, API and loaders.

A table's resource is a mirror of the store: nobody deletes it, writes its rows or moves its address, however they come.
What staff may edit (titles, descriptions, the data dictionary) stays theirs.
"""
