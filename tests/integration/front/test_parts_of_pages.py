"""What pages consist of: kept for good under addresses that name the content, by browsers and by nginx."""

from __future__ import annotations

import re

import pytest

GOOD = "public, max-age=31536000, immutable"
PAGES = ("/", "/dataset/calls-for-service", "/dataset/calls-for-service/explore", "/es/reports/search")
OUR_PARTS = re.compile(r'(?:src|href)="(/(?:cpdi|webassets/cpdi)/[^"]+\.(?:js|css|svg)[^"]*)"')


def parts(front, page):
    return set(OUR_PARTS.findall(front.ask(page).body.decode()))


@pytest.mark.parametrize("page", PAGES)
def test_each_part_of_a_page_is_kept_for_good(front, page):
    found = parts(front, page)
    assert found
    for path in found:
        answer = front.ask(path)
        assert (answer.status, answer.headers["cache-control"]) == (200, GOOD), path
        assert "cookie" not in answer.headers.get("vary", "").lower(), path


def test_what_the_scripts_load_is_kept_for_good_as_well(front):
    (script,) = (path for path in parts(front, PAGES[2]) if path.endswith(".js"))
    names = set(re.findall(r'"\./([\w-]+\.js)"', front.ask(script).body.decode()))
    assert len(names) > 5
    assert {front.ask(f"/cpdi/explore/{name}").headers["cache-control"] for name in names} == {GOOD}


@pytest.mark.parametrize(
    "path",
    [
        "/cpdi/emblem.svg",
        "/cpdi/emblem.svg?v=",
        "/cpdi/emblem.svg?v=000000000000",
        "/cpdi/reports/viewer.js",
        "/cpdi/explore/manifest.json",
        "/cpdi/explore/start.js",
        "/cpdi/explore/no-file-12345678.js",
        "/cpdi/vendor/maplibre-gl/1.0.0/maplibre-gl.mjs",
    ],
)
def test_an_address_that_names_no_content_or_another_is_not_kept(front, path):
    assert "immutable" not in front.ask(path).headers.get("cache-control", "")


def test_nginx_asks_python_once_for_a_part_whatever_cookie_a_reader_has(front):
    """Python stands still meanwhile: what nginx has not kept does not come."""
    kept = [path for path in parts(front, PAGES[0]) if "?v=" in path or ".css" in path]
    for path in kept:
        front.ask(path)
    with front.still("pages"):
        for path in kept:
            for headers in ({}, {"Cookie": "ckan=x"}):
                assert front.ask(path, **headers).status == 200, (path, headers)


def test_after_an_update_parts_of_the_build_before_are_still_there_and_no_page_that_names_them(front):
    """A page that somebody has open asks for them, and the build that made them is gone."""
    kept = parts(front, PAGES[2])
    for path in kept:
        front.ask(path)
    pages = front.run / "nginx/cache"
    assert any(pages.iterdir())
    front.script("stop", "front")
    assert front.script("start", "front", "pages").returncode == 0
    assert not any(pages.iterdir())
    with front.still("pages"):
        assert {front.ask(path).status for path in kept} == {200}


def test_the_worker_of_maps_is_asked_for_anew_since_its_policy_follows_the_base_map(front, root):
    public = root / "ckanext/cpdi/public"
    for name, is_kept in (("maplibre-gl-worker.mjs", False), ("maplibre-gl.mjs", True), ("maplibre-gl.css", True)):
        (file,) = public.glob(f"cpdi/vendor/maplibre-gl/*/{name}")
        answer = front.ask(f"/{file.relative_to(public)}")
        assert answer.status == 200
        assert ("immutable" in answer.headers["cache-control"]) == is_kept, name
