"""Vector tiles of one table: cells with counts where a map shows much ground, points where it shows little.

In: a tile of the web mercator pyramid, and a condition. Out: tiles of Mapbox' format (2.1), all of one version.
"""
