"""Objects where a table would grow to twice its rows."""

from ckanext.cpdi.pipeline.check import Check
from ckanext.cpdi.store import Objection


class Grown(Check):
    name = "grown"

    def look(self, night):
        before, after = night.table_rows, night.changes.rows
        if before and after > 2 * before:
            yield Objection("grown", f"The table would grow from {before:,} to {after:,} rows.", before, after)
