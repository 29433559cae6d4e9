"""An extension of ckanext-cpdi that adds one of each kind; docs/extending.md explains it."""
