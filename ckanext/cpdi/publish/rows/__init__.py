"""Rows on their way into files: read from the table, as frames, with the columns and times that formats share."""
