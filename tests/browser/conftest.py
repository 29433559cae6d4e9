"""A portal that listens, and a browser to read it with."""

import os
import shutil
import threading

import pytest
from werkzeug.serving import make_server

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "chromium"
"""Chromium without windows, where it is installed: the engine is the same, and a page takes a third of the work."""
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # maps are drawn without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # all else would be drawn that way as well, for more work than the page itself
    "--disable-features=LocalNetworkAccessChecks",  # a page of another site may frame one of this machine
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def address(app, ckan_config, monkeypatch):
    """Where the portal is served, in this process, while the test runs; CKAN leads there after a sign-in."""
    server = make_server("127.0.0.1", 0, app.flask_app, threaded=True)
    monkeypatch.setitem(ckan_config, "ckan.site_url", f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="package")
def chromium():
    """A browser, started once for this folder: its start takes longer than most tests."""
    program = shutil.which(CHROMIUM)
    if program is None:
        pytest.skip(f"no browser at {CHROMIUM}; CHROMIUM names another")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def browser(chromium):
    """A browser that knows nothing of the test before: cookies, caches and pages go with their contexts."""
    assert not chromium.contexts
    yield chromium
    for context in chromium.contexts:
        context.close()
