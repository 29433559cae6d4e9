"""Parts of GIS files that are written here and not by GDAL: dBASE tables, layers strung together, SQLite's R-tree."""
