"""Files of a private dataset, as nginx has them. The last of this folder: who may read is kept for a minute."""

from __future__ import annotations

import json

from ckan import model
from helpers.files import URL

from ckanext.cpdi.services.http import access


def test_a_private_dataset_looks_like_one_that_never_was(front):
    package = model.Package.by_name("calls-for-service")
    package.private = True
    model.repo.commit()
    front.script("stop", "pages")
    try:
        assert front.script("start").returncode == 0  # who may read is kept for a minute
        never = json.loads(front.ask("/data/no-such.csv", Accept="application/json").body)
        for path in (f"{URL}.csv", f"{URL}.kml", f"{URL}/datapackage.json"):
            answer = front.ask(path, Accept="application/json")
            assert (answer.status, json.loads(answer.body)) == (404, never)
    finally:
        package = model.Package.by_name("calls-for-service")
        package.private = False
        model.repo.commit()
        access.forget()
