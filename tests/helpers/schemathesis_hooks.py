"""What schemathesis needs to know to ask rightly: grammars, and parameters that belong together, which no schema says.

``SCHEMATHESIS_HOOKS`` names this module, ``CPDI_VERSION`` the version that is published, ``CPDI_TEAM`` a team of rows.
Nothing of the server's answers is touched here.
"""

from __future__ import annotations

import os
import re
from typing import Any

import schemathesis
from hypothesis import strategies as st

_NUMBERS = st.integers(0, 2**31 - 1)
_COMPARISONS = st.one_of(
    st.builds("_id {} {}".format, st.sampled_from(["=", "<>", "<", ">", "<=", ">="]), _NUMBERS),
    st.builds("_id IN ({}, {})".format, _NUMBERS, _NUMBERS),
    st.builds("_id BETWEEN {} AND {}".format, _NUMBERS, _NUMBERS),
    st.just("_id IS NOT NULL"),
)
CQL2 = st.recursive(
    _COMPARISONS,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=8,
)
schemathesis.openapi.format("cql2-text", CQL2)
schemathesis.openapi.format("since", st.sampled_from(["", os.environ["CPDI_VERSION"]]))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Put the ends of an interval and the corners of a box in their order, and name the language of a filter."""
    if re.fullmatch(r"/data/.+[.]atom", case.operation.path) and isinstance(case.query, dict):
        case.query = _on_the_ground_of_a_team(case.query)
    if isinstance(case.query, dict) and case.query:
        _make_sense(case.query)


def _on_the_ground_of_a_team(query: dict[str, Any]) -> dict[str, Any]:
    """Return what a feed of new rows is asked with: days, and the one condition on places that it takes."""
    return {name: value for name, value in query.items() if name in ("from", "to")} | {"team": os.environ["CPDI_TEAM"]}


def _make_sense(query: dict[str, Any]) -> None:
    if isinstance(query.get("from"), str) and isinstance(query.get("to"), str):
        query["from"], query["to"] = sorted((query["from"], query["to"]))
    span = query.get("datetime")
    if isinstance(span, str) and span.count("/") == 1 and ".." not in span:
        query["datetime"] = "/".join(sorted(span.split("/"))) if all(span.split("/")) else span
    if "bbox" in query:
        query["bbox"] = _ordered(query["bbox"])
    if "sortby" in query:
        query.pop("sort", None)  # the two are one
    if query.get("f") == "html" and query.get("outSR") not in (None, 4326, 3857):
        query["outSR"] = 4326  # an error of a page has a status of its own
    if "filter" in query and query.get("filter-lang") == "cql2-json":
        query["filter-lang"] = "cql2-text"


def _ordered(box: Any) -> Any:
    """Return a box, numbers or their text, with its lower corner first; anything else as it is."""
    sides = box.split(",") if isinstance(box, str) else box
    try:
        numbers = [float(side) for side in sides]
    except (TypeError, ValueError):
        return box
    if len(numbers) not in (4, 6):
        return box
    ends = list(zip(numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :], strict=True))
    ordered = [*map(min, ends), *map(max, ends)]
    return ",".join(map(str, ordered)) if isinstance(box, str) else ordered
