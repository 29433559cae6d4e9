"""What each protocol adds to the description: its paths, and the parts that these name; and how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

JSON, TEXT, CSV = "application/json", "text/plain", "text/csv"
Node = dict[str, Any]
TEXTUAL: Node = {"type": "string"}
NO_NUL: Node = {"type": "string", "pattern": "^[^\\x00]*$"}


class Part(Struct, frozen=True):
    """The operations of a protocol: ``paths`` from the portal's root on, and components by their kind and name."""

    tag: str
    description: str
    paths: Mapping[str, Node]
    components: Mapping[str, Mapping[str, Node]]


class Operation(Struct, frozen=True):
    """An operation before it is written: ``name`` is unique, ``answers`` are by status.

    ``body`` maps media types of a request to schemas.
    """

    name: str
    tag: str
    summary: str
    answers: Mapping[str, Node]
    parameters: tuple[Node, ...] = ()
    description: str = ""
    body: Mapping[str, Node] | None = None

    def node(self) -> Node:
        """Return the operation as OpenAPI has it."""
        node: Node = {"operationId": self.name, "tags": [self.tag], "summary": self.summary}
        if self.description:
            node["description"] = self.description
        node["parameters"] = list(self.parameters)
        if self.body:
            node["requestBody"] = {"required": False, "content": content(self.body)}
        return node | {"responses": dict(self.answers)}


def asked(name: str, description: str, schema: Node, **more: Any) -> Node:  # noqa: ANN401  keywords of OpenAPI
    """Return a parameter of a query string."""
    return {"name": name, "in": "query", "description": description, "required": False, "schema": schema, **more}


def in_path(name: str, description: str, schema: Node) -> Node:
    """Return a parameter of a path."""
    return {"name": name, "in": "path", "description": description, "required": True, "schema": schema}


def answer(description: str, media_types: Mapping[str, Node]) -> Node:
    """Return an answer, whose schemas are by media type; without any it has no body."""
    return (
        {"description": description, "content": content(media_types)} if media_types else {"description": description}
    )


def content(media_types: Mapping[str, Node]) -> Node:
    """Return schemas by media type as OpenAPI has them."""
    return {name: {"schema": schema} for name, schema in media_types.items()}


def reference(kind: str, name: str) -> Node:
    """Return a reference to the component ``name`` of a ``kind`` such as ``schemas``."""
    return {"$ref": f"#/components/{kind}/{name}"}


def references(kind: str, names: Iterable[str]) -> tuple[Node, ...]:
    """Return a reference to each of ``names``."""
    return tuple(reference(kind, name) for name in names)


def an_object(properties: Mapping[str, Node], required: Iterable[str] = (), **more: Any) -> Node:  # noqa: ANN401
    """Return the schema of an object."""
    return {"type": "object", "required": list(required), "properties": dict(properties), **more}


def a_list(items: Node, **more: Any) -> Node:  # noqa: ANN401
    """Return the schema of a list."""
    return {"type": "array", "items": items, **more}
