"""GeoJSON by RFC 7946: one FeatureCollection, a row a Feature, geometry null where a row has no place."""

from __future__ import annotations

import io
import json

import polars as pl

from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import TextFormat
from ckanext.cpdi.publish.rows.columns import as_text, axes, has_point


class GeoJson(TextFormat):
    """Rows as features with JSON's own types; instants as local time with offset."""

    extension = "geojson"
    title = Text("GeoJSON", "GeoJSON")
    media_type = "application/geo+json"
    order = 4
    spatial = True
    cell = 5
    separator = b",\n"
    tail = b"\n]}\n"

    def head(self, extract: Extract) -> bytes:
        """Open the collection, under the dataset's name, which GIS programs take for the layer's."""
        return f'{{"type":"FeatureCollection","name":{json.dumps(extract.name)},"features":[\n'.encode()

    def rows(self, extract: Extract, batch: pl.DataFrame) -> bytes:
        """Return one feature a line."""
        table = extract.table
        point = pl.struct(type=pl.lit("Point"), coordinates=pl.concat_list(axes(table)))
        out = io.BytesIO()
        batch.select(
            type=pl.lit("Feature"),
            geometry=pl.when(has_point(table)).then(point),
            properties=pl.struct(as_text(field) for field in table.fields),
        ).write_ndjson(out)
        return out.getvalue().rstrip(b"\n").replace(b"\n", b",\n")
