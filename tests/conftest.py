"""Fixtures that several rooms' tests share. Unit tests need no service, so nothing here starts one by itself."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]  # so that tests can import helpers, and the benchmark
TOGETHER = ("tests/integration/front/",)
"""Folders whose tests share a portal that takes long to start."""


gc.disable()  # until all modules of tests are imported: what comes with them stays


def pytest_configure(config: pytest.Config) -> None:
    """Give a worker of pytest-xdist the databases that ``scripts/test`` made for it; the first has those of all."""
    worker, ini = os.environ.get("PYTEST_XDIST_WORKER", "gw0"), config.getoption("ckan_ini", None)
    if worker != "gw0" and ini:  # unit tests may run without CKAN
        config.option.ckan_ini = ini.removesuffix(".ini") + f"_{worker}.ini"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a folder that share a started portal in one lane; the others go by their files."""
    from xdist.scheduler import LoadFileScheduling

    class ByPortal(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return next((folder for folder in TOGETHER if file.startswith(folder)), file)

    return ByPortal(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Have the collector of garbage pass by what stays to the end: modules, and tests with their values."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """End in one line where a service is away, before CKAN meets it; unit tests run without CKAN (``make unit``)."""
    from helpers.services import away

    ini = session.config.getoption("ckan_ini", None)
    missing = away(ROOT / ini) if ini and session.config.pluginmanager.hasplugin("ckan") else []
    if missing:
        words = f"{', '.join(missing)}: no answer. `make unit` runs what needs no service, `make test` starts them all."
        raise pytest.UsageError(words)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files of other departments, which lie beside the repository where they may."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared data folder is not on this machine")
    return folder


@pytest.fixture(scope="session")
def plugins_of_all() -> None:
    """The plugins of the configuration, which every test after this one begins with."""
    from ckan import plugins
    from ckan.common import config
    from ckan.tests.pytest_ckan import ckan_setup

    plugins.load_all()
    ckan_setup._config = config.copy()


@pytest.fixture
def with_plugins(plugins_of_all: None) -> None:
    """The plugins; CKAN's own fixture of this name loads and unloads them for each test, at a second each time."""


@pytest.fixture(scope="session")
def portal_app(plugins_of_all: None) -> Any:
    """The portal as a WSGI application; it reads its settings when it is asked."""
    from ckan.common import config
    from ckan.config.middleware import make_app

    return make_app(config)


@pytest.fixture
def app(portal_app: Any, ckan_config: Any) -> Any:
    """A client of the portal without cookies; CKAN's own fixture of this name makes an application for each test."""
    from ckan.lib.app_globals import _CONFIG_CACHE
    from ckan.tests.helpers import CKANTestApp

    _CONFIG_CACHE.clear()  # it would bring back the settings of the test before
    return CKANTestApp(portal_app)


@pytest.fixture
def folders(tmp_path: Path, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Empty folders for files, private things and drops, set for this test."""
    made = {}
    for name in ("files", "private", "drop"):
        made[name] = tmp_path / name
        made[name].mkdir()
        monkeypatch.setitem(ckan_config, f"ckanext.cpdi.{name}_path", str(made[name]))
    return made


@pytest.fixture
def whole_db(reset_db: Any, migrate_db_for: Any, with_plugins: None) -> None:
    """CKAN's database with all tables, whatever is in them."""
    from helpers.database import is_whole

    if not is_whole():
        reset_db()
        for plugin in ("harvest", "activity"):
            migrate_db_for(plugin)


@pytest.fixture
def clean_db(whole_db: None) -> None:
    """CKAN's database without a row; CKAN's own fixture of this name drops the tables of its extensions as well."""
    from helpers.database import empty

    empty()


@pytest.fixture
def clean_store(with_plugins: None) -> None:
    """A DataStore without tables, and an empty ledger."""
    from helpers.datastore import empty

    empty()


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Runs CKAN's commands and other programs that need CKAN, each in a process of its own."""
    from helpers import forking

    with forking.programs(tmp_path_factory.mktemp("programs")) as started:
        yield started


@pytest.fixture
def clean_queues(with_plugins: None) -> Iterator[None]:
    """Harvest queues that are empty before and after."""
    from helpers.queues import purge

    purge()
    yield
    purge()


@pytest.fixture
def quiet(with_plugins: None) -> None:
    """No process has given a sign of life yet; one of an earlier test would be missed after a while."""
    from ckan.lib.redis import connect_to_redis

    from ckanext.cpdi.services import heartbeat

    connect_to_redis().delete(*(heartbeat._key(name) for name in heartbeat.NAMES))


@pytest.fixture
def untried(with_plugins: None) -> None:
    """Nobody has tried to sign in yet; the tries of earlier tests would count for a quarter of an hour."""
    from ckan.lib.redis import connect_to_redis

    redis = connect_to_redis()
    for key in redis.keys("cpdi:*:tries:*"):
        redis.delete(key)


@pytest.fixture
def portal(folders: dict[str, Path], whole_db: None, quiet: None, untried: None) -> None:
    """A demo before its first night: organization and datasets are there, and no rows; rules need no approval."""
    from helpers.demo import set_up

    set_up()


@pytest.fixture
def loaded(portal: None, tmp_path: Path) -> Any:
    """A portal with a small sample published; gives the report of its run."""
    from helpers.feeds import load_sample

    return load_sample(tmp_path / "calls.csv")


@pytest.fixture(scope="module")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {"folder": tmp_path_factory.mktemp("once")}


@pytest.fixture
def once(
    request: pytest.FixtureRequest, with_plugins: None, ckan_config: Any, monkeypatch: pytest.MonkeyPatch,
    _made_once: dict[str, Any],
) -> Callable[[Callable[[Path], Any]], Any]:  # fmt: skip
    """A portal for a module whose tests change nothing: what the first of them makes in it stays for the others.

    Call it with a function that takes a folder and fills the portal; it gives what that function returned.
    """
    for name in ("files", "private", "drop"):
        (_made_once["folder"] / name).mkdir(exist_ok=True)
        monkeypatch.setitem(ckan_config, f"ckanext.cpdi.{name}_path", str(_made_once["folder"] / name))

    def make(fill: Callable[[Path], Any]) -> Any:
        from helpers.demo import set_up

        if "result" not in _made_once:
            for fixture in ("whole_db", "quiet"):
                request.getfixturevalue(fixture)
            set_up()
            _made_once["result"] = fill(_made_once["folder"])
        return _made_once["result"]

    return make


@pytest.fixture
def standing(once: Callable[[Callable[[Path], Any]], Any]) -> Any:
    """A portal with a small sample published, for a module whose tests change nothing."""
    from helpers.feeds import load_sample

    return once(lambda folder: load_sample(folder / "calls.csv"))


@pytest.fixture
def inhabited(request: pytest.FixtureRequest) -> None:
    """The portal that users are of: the one that a module's tests share, else a new one."""
    if "once" not in request.fixturenames:
        request.getfixturevalue("portal")


@pytest.fixture
def sysadmin(inhabited: None) -> dict[str, Any]:
    """A sysadmin; ``headers`` sign a request."""
    from helpers.users import signed_in

    return signed_in(sysadmin=True)


@pytest.fixture
def editor(inhabited: None) -> dict[str, Any]:
    """A records analyst: an editor of the department's organization; ``headers`` sign a request."""
    from helpers.users import signed_in

    return signed_in(capacity="editor")


@pytest.fixture
def stranger(inhabited: None) -> dict[str, Any]:
    """A user who belongs to no organization; ``headers`` sign a request."""
    from helpers.users import signed_in

    return signed_in()


@pytest.fixture
def inbox(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A mail server that takes what the portal writes to staff."""
    from helpers import mail

    with mail.server() as server:
        monkeypatch.setitem(ckan_config, "smtp.server", server.address)
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@example.org")
        monkeypatch.setitem(ckan_config, "ckanext.cpdi.alert_to", ["records@example.org"])
        yield server
