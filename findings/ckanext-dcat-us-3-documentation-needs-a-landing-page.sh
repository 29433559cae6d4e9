#!/usr/bin/env bash
# ckanext-dcat's profile of DCAT-US 3: a dataset that has documentation has no entry unless it has a landing page as well.
#
# For each page of documentation the profile asks whether the landing page has a title, and not whether the page has
# one. Where there is no landing page, which DCAT-US 3 does not ask for, that is an UnboundLocalError, and the whole
# catalogue fails with the one dataset.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "ckan[requirements]==2.12.0" "ckanext-dcat==2.4.4" "rdflib==7.6.0" "geomet==1.1.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version

from ckan.common import config

config["ckan.site_url"] = "https://data.example.gov"
from ckanext.dcat.processors import RDFSerializer


def entry(**more):
    """What the profile makes of a dataset: the number of its triples, or the error."""
    dataset = {"id": "calls", "uri": "https://data.example.gov/dataset/calls", "title": "Calls", "resources": [], **more}
    serializer = RDFSerializer(profiles=["dcat_us_3"])
    try:
        serializer.graph_from_dataset(dataset)
    except UnboundLocalError as error:
        return str(error)
    return f"{len(serializer.g)} triples"


about = {"documentation": ["https://example.gov/about-calls"]}
with_page, without = entry(url="https://example.gov/calls", **about), entry(**about)
print(f"ckanext-dcat {version('ckanext-dcat')}: documentation and a landing page: {with_page}")
print(f"documentation alone: {without}")
sys.exit(0 if with_page.endswith("triples") and "page_ref" in without else 1)
PY
