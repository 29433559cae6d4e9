"""What is asked about the rows that a link chooses: counts, a comparison with the year before, the place of a row."""

from __future__ import annotations

from typing import Any

from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.query.grammars.link import FIXED
from ckanext.cpdi.services.ogc import describe
from ckanext.cpdi.services.openapi.part import JSON, Node, Operation, answer, asked, reference

TAG = "Files"
KEPT = answer("the client has this version", {})
_UNTIL = asked("until", "the last day", {"type": "string", "format": "date", "minLength": 10})
_ROW: Node = {"type": "integer", "minimum": 0, "maximum": 999_999_999}


def refusals(*statuses: int) -> dict[str, Node]:
    """Return the answers of errors below ``/data``."""
    return {str(status): reference("responses", "Refusal") for status in statuses}


def filters(dataset: Dataset) -> tuple[Node, ...]:
    """Return what chooses rows of ``dataset``."""
    shared = [name for name in FIXED if dataset.rows.point or "bbox" not in name]
    links = [reference("parameters", f"{describe.PREFIX}{name}") for name in shared]
    return (*links, *describe.of_table(dataset.rows))


def paths(dataset: Dataset) -> dict[str, Any]:
    """Return the paths of questions about chosen rows of ``dataset``."""
    row = asked("row", "the id of a row", _ROW) | {"required": True}
    every: dict[str, tuple[str, str, tuple[Node, ...]]] = {
        "counts": ("counts of chosen rows", "By day or month, by the values of columns, by hour; each under all"
                   " conditions but those about itself.", ()),
        "compare": ("chosen rows beside the year before", "A week, 28 days, the year to date, by category:"
                    " pairs of rows now and then; null where the table does not have all days then.", (_UNTIL,)),
        "position": ("where a row stands", "How many of the chosen rows come before it.",
                     (row, describe.sorting("sort", dataset.rows))),
    }  # fmt: skip
    return {
        f"/data/{dataset.name}/{name}": _path(dataset, name, summary, words, own)
        for name, (summary, words, own) in every.items()
    }


def _path(dataset: Dataset, name: str, summary: str, words: str, own: tuple[Node, ...]) -> Node:
    answers = {"200": answer("the answer", {JSON: {"type": "object"}}), "304": KEPT} | refusals(400, 404, 503)
    title = f"{dataset.title.en}: {summary}"
    described = Operation(f"files.{name}.{dataset.name}", TAG, title, answers, (*filters(dataset), *own), words)
    return {"get": described.node()}
