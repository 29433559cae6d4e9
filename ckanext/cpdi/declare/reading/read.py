"""Reading a YAML file into a struct, with errors that name the file and the place in it."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.fault import Place, first_fault

T = TypeVar("T")


def read_yaml(path: Path) -> Any:  # noqa: ANN401  YAML holds anything; `convert` gives it a type
    """Return what ``path`` holds.

    Raises DeclarationError where the file is missing, unreadable or not YAML, or a key stands twice in one mapping.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  a SafeLoader without dates
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise DeclarationError(path, f"cannot be read: {position}{error.problem or error.context}") from error
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise DeclarationError(path, f"cannot be read: it is no text in UTF-8 ({type(error).__name__})") from error


def convert(value: object, into: type[T], path: Path, place: Place = ()) -> T:
    """Return ``value``, which stands at ``place`` of the file, as ``into``.

    Raises DeclarationError with the place (``table.fields.latitude: …``) where it does not fit.
    """
    try:
        return msgspec.convert(value, into)
    except msgspec.ValidationError as error:
        raise DeclarationError(path, first_fault(value, into, place) or str(error)) from error


class _Loader(yaml.CSafeLoader):
    """A SafeLoader that leaves dates as text and refuses a key that stands twice in a mapping.

    It parses in C: Python's own parser takes six times as long, a quarter of a second at each start of a process.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return the mapping; raise ConstructorError for a key that stands twice (PyYAML would keep the last)."""
        names: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in names and key.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(None, None, f"the key {name} stands twice", key.start_mark)
            names.add(name)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
