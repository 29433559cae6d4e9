"""What makes a page usable by everybody, asked of a page in a browser: one load, several ways to look at it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
_BY_LAYOUT = ("color-contrast", "empty-table-header", "link-in-text-block", "scrollable-region-focusable", "skip-link")
"""Rules of axe whose answer depends on the window's width; the others look at what is the same in each."""
_FIND = """async (runOnly) => {
  const {violations} = await axe.run({runOnly, preload: false, resultTypes: ["violations"]});
  return violations.map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.target.join(" ")).join(", ")}`);
}"""
_SIDEWAYS = """() => {
  const wide = document.documentElement.scrollWidth, most = document.documentElement.clientWidth;
  if (wide <= most) return [];
  const inScroller = (part) => {
    for (let up = part.parentElement; up && up !== document.body; up = up.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  const beyond = [...document.body.querySelectorAll("*")].filter(
    part => part.getBoundingClientRect().right > most + 1 && !inScroller(part));
  const named = (part) => [part.tagName.toLowerCase(), ...part.classList].slice(0, 2).join(".");
  return [`${wide} px of ${most}`, ...new Set(beyond.map(named))].slice(0, 6);
}"""
_FOCUS = """(outlineAlone) => {
  const parts = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    part => part.tabIndex >= 0 && !part.disabled && part.type !== "hidden"
      && part.checkVisibility({visibilityProperty: true}) && part.getBoundingClientRect().width > 0);
  const faults = [], seen = {};
  const kind = (part) => [part, part.parentElement, part.closest("table, ul, ol")].map(
    one => one ? one.tagName + one.className : "").join(" ");
  document.documentElement.style.scrollBehavior = "auto"; // a smooth way is not over when it is looked at
  const look = (part) => {
    const {outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor} = getComputedStyle(part);
    const outline = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    return {outline, rest: boxShadow + borderColor + backgroundColor};
  };
  for (const part of parts) {
    if ((seen[kind(part)] = (seen[kind(part)] || 0) + 1) > 2) continue; // the rows of a table are alike
    document.activeElement.blur();
    const before = look(part).rest;
    part.focus();
    if (document.activeElement !== part) { faults.push("no focus: " + part.outerHTML.slice(0, 120)); continue; }
    const after = look(part);
    const shown = after.outline || (!outlineAlone && after.rest !== before);
    const box = part.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    if (!shown || !inside) faults.push((shown ? "out of sight: " : "no sign: ") + part.outerHTML.slice(0, 120));
  }
  scrollTo(0, 0);
  document.documentElement.style.scrollBehavior = "";
  return faults;
}"""
_MOVES = """() => {
  const faults = document.getAnimations().map(one => "animation: " + (one.animationName || one.transitionProperty));
  for (const part of [document.documentElement, ...document.querySelectorAll("body, body *")]) {
    const style = getComputedStyle(part);
    const name = [part.tagName.toLowerCase(), ...part.classList].slice(0, 2).join(".");
    const lasts = style.transitionDuration.split(",").some(one => parseFloat(one) > 0.01);
    if (lasts) faults.push("transition: " + name);
    if (style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01) faults.push("animates: " + name);
    if (style.scrollBehavior === "smooth") faults.push("smooth: " + name);
  }
  return [...new Set(faults)].slice(0, 6);
}"""


_SETTLED = """() => ![...document.querySelectorAll(
  '[aria-busy=""], [aria-busy="true"], .cp-map[data-map]:not([data-ready])')].some(part => part.checkVisibility())"""
_SCRIPTED = "[data-cpdi-explorer], .cp-map"
_LAY_OUT = """() => {
  for (const part of document.querySelectorAll("section"))
    if (getComputedStyle(part).contentVisibility === "auto") part.style.contentVisibility = "visible";
}"""


@dataclass(frozen=True)
class Look:
    """A way to look at a page: a window's width in CSS pixels, how many of the screen's make one, and what is asked."""

    name: str
    width: int
    scale: int = 1
    axe: tuple[str, ...] = ()
    focus: bool = False
    contrast: bool = False
    still: bool = False


LOOKS = (
    Look("desk", 1280, axe=_RULES),
    Look("high contrast, less motion", 1280, focus=True, contrast=True, still=True),
    Look("zoomed to 200 %", 640, scale=2),
    Look("phone", 390, axe=_BY_LAYOUT),
    Look("narrow", 320, focus=True),
)
NARROW = (Look("narrow", 320),)
"""Enough for a page that differs in its words alone from one that was looked at."""


def settle(page: Any) -> None:
    """Wait until what scripts draw is there, where they draw anything: they begin when it comes into sight."""
    if page.locator(_SCRIPTED).count():
        page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        for part in page.locator(_SCRIPTED).all():
            part.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        page.wait_for_function(_SETTLED)
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")


def lay_out(page: Any) -> None:
    """Have the browser lay out what is out of sight as well: nothing is seen, or said to be, of what it skips."""
    page.evaluate(_LAY_OUT)


def check(page: Any, name: str) -> None:
    """Assert that axe finds nothing in the page as its window is now, and that nothing scrolls sideways."""
    page.evaluate(_AXE)
    assert _faults_in(page, Look("as it is", 0, axe=_RULES)) == [], name


def faults(page: Any, looks: Sequence[Look] = LOOKS) -> list[str]:
    """Return what is wrong with the page as it is open now, seen in each of ``looks``."""
    scripted = page.locator(_SCRIPTED).count() > 0
    if any(look.axe for look in looks):
        page.evaluate(_AXE)
    if any(look.focus for look in looks):
        page.keyboard.press("Tab")  # from here on a focus is one of the keyboard
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    for look in looks:
        size = {"width": look.width, "height": 844, "deviceScaleFactor": look.scale, "mobile": False}
        devtools.send("Emulation.setDeviceMetricsOverride", size)
        page.emulate_media(
            forced_colors="active" if look.contrast else "none",
            reduced_motion="reduce" if look.still else "no-preference",
        )
        if scripted:
            page.wait_for_function(_SETTLED)
        found += [f"{look.name}: {fault}" for fault in _faults_in(page, look)]
    devtools.detach()
    return found


def _faults_in(page: Any, look: Look) -> list[str]:
    lay_out(page)
    wide = page.evaluate(_SIDEWAYS)
    said = [f"scrolls sideways, {'; '.join(wide)}"] if wide else []
    if look.axe:
        said += page.evaluate(_FIND, list(look.axe))
    if look.still:
        said += page.evaluate(_MOVES)
    if look.focus:
        said += page.evaluate(_FOCUS, look.contrast)
    return [re.sub(r"\s+", " ", one) for one in said]
