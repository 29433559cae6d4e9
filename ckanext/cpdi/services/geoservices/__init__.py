"""GeoServices (Esri's FeatureServer) on the tables: documents of services and layers, and queries in four forms.

In: a request's parameters. Out: answers as ArcGIS gives them. What is asked becomes a question of
:mod:`ckanext.cpdi.query`; which clients need what is told in docs/geoservices.md.
"""
