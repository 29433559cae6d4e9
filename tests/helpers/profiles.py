"""The site's own profile, with a change."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
_numbers = itertools.count()


def use_profile(
    monkeypatch: pytest.MonkeyPatch, ckan_config: Any, folder: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    """Let the site work with Charleston's profile after ``change``; it is written to ``folder``."""
    text = (ROOT / "profiles/charleston.yaml").read_text(encoding="utf-8")
    profile = yaml.safe_load(text.replace("charleston/", f"{ROOT}/profiles/charleston/"))
    change(profile)
    path = folder / f"profile-{next(_numbers)}.yaml"
    path.write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", str(path))
