"""Parts of pages with a map: what the map shows of a table, its colours and words, search by area."""
