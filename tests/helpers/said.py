"""The English sentences that our errors say, read off the code that makes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CPDI = Path(__file__).parents[2] / "ckanext" / "cpdi"
_OURS = re.compile(r"\w*Error|Refused|RunLost|Unbalanced|DeclarationChanged|RunInProgress|DenyListChanged|OcrFailed")
_OTHERS = {
    "DeclarationError", "ExtensionError", "KeyError", "LookupError", "NotImplementedError", "OSError",
    "PermissionError", "RefusedError", "RuntimeError", "SettingError", "TransientError", "TypeError",
    "UnwritableError", "ValidationError", "ValueError",
}  # fmt: skip
"""Errors of programs, of settings and declarations, which operators write in English, and details for the log."""


def sentences(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield where each sentence stands and its text; a sentence that is put together where it is made raises."""
    for folder in folders:
        for path in sorted((CPDI / folder).rglob("*.py")) or [CPDI / folder]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    place = f"{path.relative_to(CPDI)}:{node.lineno}"
                    yield from ((place, text) for text in _texts(node, place))


def _texts(call: ast.Call, place: str) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "Said":
        first = call.args[0]
        if isinstance(first, ast.Constant):
            yield first.value
    elif _OURS.fullmatch(name) and name not in _OTHERS:
        for argument in call.args:
            if isinstance(argument, ast.JoinedStr):
                raise AssertionError(f"{place}: a sentence that is put together cannot be translated")
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and " " in argument.value:
                yield argument.value


def marked(path: Path) -> Iterator[str]:
    """Yield the texts that code gives to gettext, such as ``tk._("Write a text")``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_":
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield first.value
