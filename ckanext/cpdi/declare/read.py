"""Reading a YAML file into a struct, with errors that name the file and the place in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from ckanext.cpdi.declare.errors import DeclarationError

T = TypeVar("T")


def read_yaml(path: Path) -> Any:  # noqa: ANN401  YAML holds anything; `convert` gives it a type
    """Return what ``path`` holds.

    Raises DeclarationError where the file is missing, unreadable or not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  a SafeLoader without dates
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DeclarationError(path, f"cannot be read: {error}") from error


def convert(value: object, into: type[T], path: Path) -> T:
    """Return ``value`` as ``into``.

    Raises DeclarationError with the place (``$.table.fields[3].name``) where it does not fit.
    """
    try:
        return msgspec.convert(value, into)
    except msgspec.ValidationError as error:
        raise DeclarationError(path, str(error)) from error


class _Loader(yaml.SafeLoader):
    """A SafeLoader that leaves dates as text, as the declarations want them."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
