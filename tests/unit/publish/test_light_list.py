"""Which formats there are is asked in every run, so that asking loads no library that only writing needs."""

import subprocess
import sys

ASKING = "import sys; from ckanext.cpdi.publish.formats import formats; print(*formats()); print(*sys.modules)"


def test_list_of_formats_does_not_load_gdal():
    asked = subprocess.run([sys.executable, "-c", ASKING], check=True, capture_output=True, text=True)
    formats, modules = map(str.split, asked.stdout.splitlines())
    assert "gpkg" in formats
    assert not {"pyogrio", "geopandas", "pandas"} & {*modules}
