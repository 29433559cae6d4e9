"""What staff are told by mail has Spanish words: each objection that a check makes, and each text of a letter."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from helpers.documents import ROOT

HOME = ROOT / "ckanext" / "cpdi"


def calls(name: str, *paths: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls of ``name`` in modules, each with its place."""
    for path in (file for pattern in paths for file in HOME.glob(pattern)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_each_objection_of_ours_has_a_spanish_sentence():
    made = {place: {keyword.arg for keyword in call.keywords} for place, call in calls("Objection", "pipeline/**/*.py")}
    assert len(made) > 12
    assert [place for place, keywords in made.items() if "spanish" not in keywords] == []


def test_each_text_of_a_letter_has_a_spanish_one():
    made = calls("Text", "notify/*.py", "pipeline/reports/*.py")
    texts = [(place, call) for place, call in made if ast.unparse(call) != "Text('')"]
    assert len(texts) > 20
    assert [place for place, call in texts if len(call.args) != 2] == []
