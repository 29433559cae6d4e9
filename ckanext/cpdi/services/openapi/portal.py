"""What belongs to no table: this document, the state of the portal."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.cpdi.services.ogc.tables import Collection
from ckanext.cpdi.services.openapi.part import JSON, TEXT, TEXTUAL, Operation, Part, a_list, an_object, answer

TAG = "Portal"
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
_STATES = {"type": "object", "additionalProperties": an_object({"state": TEXTUAL}, ["state"])}


def part(tables: Sequence[Collection]) -> Part:  # noqa: ARG001  nothing here is of a table
    """Return the operations."""
    health = an_object(
        {
            "status": {"type": "string", "enum": ["ok", "late", "down"]},
            "services": {"type": "object", "additionalProperties": {"type": "string", "enum": ["ok", "down"]}},
            **dict.fromkeys(("processes", "sources", "runs"), _STATES),
        },
        ["status", "services", "processes", "sources", "runs"],
    )
    error = an_object({"error": TEXTUAL, "addresses": a_list(TEXTUAL)}, ["error"])
    described = answer("this document", {OPENAPI: {"type": "object"}})
    away = answer("the database does not answer", {JSON: error, TEXT: TEXTUAL})
    paths = {
        "/openapi.json": {
            "get": Operation(
                "portal.openapi",
                TAG,
                "This document",
                {"200": described, "304": answer("the client has it", {}), "503": away},
            ).node()
        },
        "/healthz": {
            "get": Operation(
                "portal.health",
                TAG,
                "Whether services answer and the nightly runs are in time",
                {
                    "200": answer("readers have what they need", {JSON: health}),
                    "503": answer("a service that readers need is away", {JSON: health}),
                },
            ).node()
        },
    }
    return Part(TAG, "The portal itself.", paths, {"schemas": {"Error": error}})
