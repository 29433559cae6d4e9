"""What a value of JSON is in CQL2: an operation, a column, or something else."""

from __future__ import annotations

from typing import Any, cast


def member(node: Any, key: str) -> Any:  # noqa: ANN401
    """Return the member ``key`` of an object; None where ``node`` is none, or has none."""
    return cast("dict[str, Any]", node).get(key) if isinstance(node, dict) else None


def members(node: Any) -> list[Any]:  # noqa: ANN401
    """Return the members of a list; none where ``node`` is no list."""
    return cast("list[Any]", node) if isinstance(node, list) else []


def operation(node: Any) -> tuple[str, list[Any]] | None:  # noqa: ANN401
    """Return the name, in lower case, and the arguments of an operation; None where ``node`` is none."""
    name, arguments = member(node, "op"), member(node, "args")
    if isinstance(name, str) and isinstance(arguments, list):
        return name.lower(), cast("list[Any]", arguments)
    return None


def column(node: Any) -> str | None:  # noqa: ANN401
    """Return the name of the column that ``node`` is; None where it is none."""
    name = member(node, "property")
    return name if isinstance(name, str) else None
