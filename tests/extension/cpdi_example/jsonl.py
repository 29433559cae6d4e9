"""JSON lines: one object a row."""

import io

from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish.format import TextFormat
from ckanext.cpdi.publish.rows.columns import as_text


class JsonLines(TextFormat):
    """A head (none), rows that stand alone, and a tail (none): such a format is joined from its years."""

    extension = "jsonl"
    title = Text("JSON lines", "Líneas JSON")
    media_type = "application/jsonl"

    def head(self, extract):
        return b""

    def rows(self, extract, batch):
        lines = io.BytesIO()
        batch.select(as_text(field) for field in extract.table.fields).write_ndjson(lines)
        return lines.getvalue()
