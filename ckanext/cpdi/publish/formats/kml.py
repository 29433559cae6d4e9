"""KML 2.2: one Document, a row a Placemark with its time, its typed fields and, where it has one, its point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import polars as pl

from ckanext.cpdi.declare import Field, Table, Text
from ckanext.cpdi.declare.tables.field import FieldType
from ckanext.cpdi.publish.address import address_of
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import TextFormat
from ckanext.cpdi.publish.packed import Packed, Packer
from ckanext.cpdi.publish.rows.arrow import lines
from ckanext.cpdi.publish.rows.columns import as_text, axes, has_point

TYPES: dict[FieldType, str] = {"integer": "int", "number": "double", "boolean": "bool"}
FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
"""Characters that XML 1.0 cannot hold, however they are written."""
MARKUP = FORBIDDEN[:-1] + "&<>]"
STYLE = (
    '<Style id="row"><IconStyle><color>ffb5651d</color><scale>0.6</scale></IconStyle>'
    "<LabelStyle><scale>0</scale></LabelStyle></Style>\n"
)


class Kml(TextFormat):
    """Rows as placemarks for Google Earth and other viewers; what is not known is left out."""

    extension = "kml"
    title = Text("KML", "KML")
    media_type = "application/vnd.google-earth.kml+xml"
    order = 2
    spatial = True
    cell = 7
    tail = b"</Document></kml>\n"
    limit = 100_000_000
    """Bytes of all rows in one document. No globe opens a larger one: it leads to the KMZ of each year instead."""
    needs = "kmz"

    def size(self, extract: Extract) -> int:
        """Return the bytes that a file of ``extract`` will have, about."""
        size = super().size(extract)
        return size if extract.year else min(size, self.limit)

    def join(self, extract: Extract, pieces: Sequence[tuple[Extract, Path]], path: Path) -> None:
        """String the years together; where that is too large, write a document that leads to each year's KMZ."""
        if sum(Packed.of(source).size for _, source in pieces) <= self.limit:
            super().join(extract, pieces, path)
            return
        url = extract.site.url
        years = ((part, url + address_of(part.dataset, part.year, self.needs).path) for part, _ in pieces)
        with Packer(path) as packer:
            packer.add(links(extract, years))

    def head(self, extract: Extract) -> bytes:
        """Open the document, with the style and the types of the fields."""
        fields = "".join(
            f"<SimpleField type={quoteattr(TYPES.get(field.type, 'string'))} name={quoteattr(field.name)}>"
            f"<displayName>{escape(field.title.en)}</displayName></SimpleField>\n"
            for field in extract.table.fields
        )
        schema = f'<Schema name={quoteattr(extract.name)} id="fields">\n{fields}</Schema>\n'
        return (_opening(extract) + STYLE + schema).encode()

    def rows(self, extract: Extract, batch: pl.DataFrame) -> bytes:
        """Return one placemark a row."""
        table = extract.table
        x, y = (axis.cast(pl.String) for axis in axes(table))
        place = pl.concat_str(pl.lit("<Point><coordinates>"), x, pl.lit(","), y, pl.lit("</coordinates></Point>"))
        return lines(
            _escaped(batch),
            pl.lit("<Placemark><name>"),
            _name(table),
            pl.lit("</name>"),
            _when(table),
            pl.lit('<styleUrl>#row</styleUrl><ExtendedData><SchemaData schemaUrl="#fields">'),
            *(_data(field) for field in table.fields),
            pl.lit("</SchemaData></ExtendedData>"),
            pl.when(has_point(table)).then(place).otherwise(pl.lit("")),
            pl.lit("</Placemark>\n"),
        )


def links(extract: Extract, years: Iterable[tuple[Extract, str]]) -> bytes:
    """Return a document for ``extract`` that leads to ``years``, each with the address of its document.

    None is loaded before somebody ticks it: all at once would be what one document was too large for.
    """
    lines = (
        f"<NetworkLink><name>{escape(year.title)}</name><visibility>0</visibility>"
        f"<description>{year.rows} {escape(year.dataset.many.en)}</description>"
        f"<Link><href>{escape(href)}</href></Link></NetworkLink>\n"
        for year, href in years
    )
    return _opening(extract).encode() + "".join(lines).encode() + Kml.tail


def _opening(extract: Extract) -> str:
    """Return the beginning of a document, with its name and what is to be known about it."""
    notes = "\n".join(text.en for text in (*extract.dataset.caveats, *extract.site.terms))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
        f"<Document id={quoteattr(extract.name)}><name>{escape(extract.title)}</name>\n"
        f"<description>{escape(notes)}</description>\n"
    )


def _escaped(batch: pl.DataFrame) -> pl.DataFrame:
    """Return ``batch`` with nothing in its texts that XML takes for markup or refuses; most columns are clean."""
    has_markup = batch.select(pl.col(pl.String).str.contains(MARKUP).any()).row(0, named=True)
    texts = pl.col([name for name, found_any in has_markup.items() if found_any])
    texts = texts.str.replace_all(FORBIDDEN, "").str.replace_all("&", "&amp;", literal=True)
    return batch.with_columns(
        texts.str.replace_all("<", "&lt;", literal=True).str.replace_all(">", "&gt;", literal=True)
    )


def _name(table: Table) -> pl.Expr:
    """Return what a placemark is called: the first indexed text that the row has, else its key."""
    names = [field.name for field in table.fields if field.type == "string" and field.index]
    key = table.key_field
    return pl.coalesce(*names, *([key.name] if key else []), pl.lit(""))


def _when(table: Table) -> pl.Expr:
    """Return the time stamp, no finer than the row's precision says: a year, a month, a day or a time."""
    field = table.time_field
    text = as_text(field)
    precision = next((field.name for field in table.fields if field.source == "time.precision"), "")
    if precision:
        known = pl.col(precision)
        shown = {"quarter": 4, "month": 7, "date": 10}  # characters; KML has no quarters
        text = pl.coalesce(
            *(pl.when(known == name).then(text.str.slice(0, size)) for name, size in shown.items()), text
        )
    return pl.concat_str(pl.lit("<TimeStamp><when>"), text, pl.lit("</when></TimeStamp>")).fill_null("")


def _data(field: Field) -> pl.Expr:
    """Return one typed field; nothing for null. Booleans are 1 and 0, the form of theirs that GDAL reads."""
    text = pl.col(field.name).cast(pl.Int8) if field.type == "boolean" else as_text(field)
    text = text.cast(pl.String)
    return pl.concat_str(pl.lit(f'<SimpleData name="{field.name}">'), text, pl.lit("</SimpleData>")).fill_null("")
