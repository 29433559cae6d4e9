"""A FeatureServer as a client asks it."""

from __future__ import annotations

from typing import Any

import orjson

SERVICE = "/arcgis/rest/services/calls-for-service/FeatureServer"
LAYER = f"{SERVICE}/0"
QUERY = f"{LAYER}/query"


def ask(app: Any, path: str = QUERY, post: bool = False, **asked: Any) -> Any:
    """Return the answer's JSON; errors have the status 200 as well."""
    asked = {"f": "json", **asked}
    if post:
        answer = app.post(path, data=asked, headers={"Accept": "*/*"})
    else:
        answer = app.get(path, query_string=asked, headers={"Accept": "*/*"})
    assert answer.status_code == 200, answer.data[:300]
    return orjson.loads(answer.data)


def attributes(answer: Any) -> list[dict[str, Any]]:
    return [feature["attributes"] for feature in answer["features"]]


def error(app: Any, path: str = QUERY, **asked: Any) -> str:
    """Return the words of the error that the question is answered with."""
    answer = ask(app, path, **asked)
    assert set(answer) == {"error"}, answer
    assert set(answer["error"]) == {"code", "message", "details"}
    assert answer["error"]["code"] >= 400
    return str(answer["error"]["message"])
