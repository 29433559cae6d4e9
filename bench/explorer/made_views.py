"""Views of CKAN's own and of ckanext-charts on the portal's table, as a form would save them.

``python -m bench.explorer.made_views INI RESOURCE VIEWS``: VIEWS is JSON, a list of objects with ``type``, ``title``,
``config``. Prints a JSON object of their ids by title.
"""

from __future__ import annotations

import json
import sys

from ckan import model

from bench.site import start


def main(ini: str, resource: str, views: str) -> None:
    """Make the views; those of a run before are not there any more."""
    with start(ini):
        for old in model.Session.query(model.ResourceView).filter_by(resource_id=resource):
            model.Session.delete(old)
        made = {
            one["title"]: model.ResourceView(
                resource_id=resource,
                view_type=one["type"],
                title=one["title"],
                description="",
                config=one["config"],
                order=order,
            )
            for order, one in enumerate(json.loads(views))
        }
        model.Session.add_all(made.values())
        model.Session.commit()
        print(json.dumps({"ids": {title: view.id for title, view in made.items()}}))


if __name__ == "__main__":
    main(*sys.argv[1:])
