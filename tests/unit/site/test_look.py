"""Colours that can be told apart, small style sheets, nothing from elsewhere, and templates that escape."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[3] / "ckanext" / "cpdi"
STYLES = sorted((ROOM / "assets").glob("*.css"))
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))

# Foreground on ground, as the style sheet pairs them: names of its variables, or colours.
PAIRS = [
    ("ink", "white"),
    ("ink", "paper"),
    ("soft", "white"),
    ("soft", "paper"),
    ("blue", "white"),
    ("blue", "paper"),
    ("white", "blue"),
    ("white", "navy"),
    ("white", "deep"),
    ("gold", "navy"),
    ("deep", "gold"),
    ("green", "white"),
    ("amber", "white"),
    ("red", "white"),
    ("#dbe5f2", "deep"),
    ("#4d3500", "#fff1cc"),
    ("#5c6878", "white"),
]


def colours():
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", STYLES[-1].read_text()))


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground_as_wcag_aa_wants(text, ground):
    known = colours()
    light, dark = sorted((luminance(known.get(one, one)) for one in (text, ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_style_sheets_are_small():
    assert sum(path.stat().st_size for path in STYLES) < 30_000


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_loads_nothing(path):
    assert not re.search(r"url\(|@import|@font-face", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOM / "templates")))
def test_a_template_escapes_everything_and_has_no_script_or_style_of_its_own(path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|h\.literal|autoescape false", text)
    assert not re.search(r"<script(?! type=\"module\" src=\"\{\{ h\.cpdi_static)|<style|\bstyle=|\bon[a-z]+=\"", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOM / "templates")))
def test_a_template_loads_nothing_from_elsewhere(path):
    assert not re.search(r"(src|rel=\"stylesheet\" href)=\"(https?:)?//", path.read_text())


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_selector_has_one_rule_so_that_no_page_changes_the_look_of_another(path):
    flat = re.sub(r"@[^{]+\{(?:[^{}]|\{[^{}]*\})*\}|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    selectors = Counter(one.strip() for one in re.findall(r"([^{}]+)\{", flat))
    assert [one for one, rules in selectors.items() if rules > 1] == []
