#!/usr/bin/env bash
# CKAN: no setting lets browsers keep styles and scripts, though their names have a hash of their content.
#
# ckan.cache_expires is the max-age of all answers, and SEND_FILE_MAX_AGE_DEFAULT, which CKAN declares among its settings, is Flask's
# for files. With the first one Flask has said `no-cache` of a file before CKAN adds the max-age, so that it is asked for again by
# each page all the same. With the second one Flask says its seconds, and CKAN replaces them by those of the first: 0 by default.
# With both, files are kept, but only as long as pages are.
# What we do: mark answers whose address names their content, and write the header after CKAN.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "ckan[requirements]==2.12.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version
from pathlib import Path

import flask
from ckan.common import config
from ckan.lib.flask_multistatic import MultiStaticFlask
from ckan.views import set_cache_control_headers_for_response

folder = Path("public").absolute()
folder.mkdir()
(folder / "1c87a999_main.css").write_text("a {}")


def said(expires, of_files):
    app = MultiStaticFlask("portal", static_folder=[str(folder)], static_url_path="")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = of_files
    app.after_request(set_cache_control_headers_for_response)
    config["ckan.cache_expires"] = expires
    with app.app_context():
        return app.test_client().get("/1c87a999_main.css").headers["Cache-Control"]


CASES = {
    (0, None): "no-cache, public, max-age=0, must-revalidate",
    (3600, None): "no-cache, public, max-age=3600, must-revalidate",
    (0, 86400): "public, max-age=0, must-revalidate",
    (3600, 86400): "public, max-age=3600, must-revalidate",
}
print(f"CKAN {version('ckan')}, Flask {version('flask')}, Cache-Control of a style sheet with a hash in its name:")
found = {case: said(*case) for case in CASES}
for (expires, of_files), header in found.items():
    print(f"  ckan.cache_expires = {expires}, SEND_FILE_MAX_AGE_DEFAULT = {of_files}: {header}")
sys.exit(0 if found == CASES else 1)
PY
