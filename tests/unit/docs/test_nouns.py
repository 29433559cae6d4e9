"""Names say what a thing is: words that stand for any thing are no names for one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from helpers.documents import ROOT

NO_NAMES = {"one", "found", "told", "begun", "because"}
MODULES = sorted((ROOT / "ckanext" / "cpdi").rglob("*.py"))


def bound(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every name that a module binds, and its line: variables, arguments, functions, classes.

    What a class declares with a type is left out: such a name may be a key of a file, or of an answer.
    """
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    declared = {id(line.target) for body in bodies for line in body if isinstance(line, ast.AnnAssign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in declared:
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno


def test_a_name_is_a_noun_of_what_it_stands_for():
    assert len(MODULES) > 100
    names = ((path, *each) for path in MODULES for each in bound(ast.parse(path.read_text(encoding="utf-8"))))
    assert [f"{path}:{line}: {name}" for path, name, line in names if name in NO_NAMES] == []
