"""The description of the portal's services as OpenAPI 3.1, made of the declarations and of what is published.

A module for each protocol gives its :class:`.part.Part`; :mod:`.document` puts them together.
"""
