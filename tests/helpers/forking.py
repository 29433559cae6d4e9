"""Python programs that share their start: one process imports what all need, and each program is a fork of it.

A program is a process of its own all the same, with arguments, environment, output and exit code; only its imports were
done before. That a program starts by itself is for other tests.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

SHARED = (
    "ckan.cli.cli",
    "ckan.config.middleware.flask_app",
    "ckanext.cpdi.cli",
    "ckanext.cpdi.desk.deny",
    "ckanext.cpdi.jobs.load",
    "ckanext.cpdi.pipeline.publish",
    "ckanext.cpdi.plugin",
    "ckanext.activity.plugin",
    "ckanext.datastore.plugin",
    "ckanext.dcat.plugins",
    "ckanext.harvest.plugin",
    "ckanext.scheming.plugins",
    "ckanext.spatial.plugin",
    "ckanext.xloader.plugin",
    "boto3",
)
WHOLE = ("ckanext.cpdi.services", "ckanext.cpdi.site")
"""Packages of which a portal imports every module when it starts."""


class Programs:
    """Runs programs; made by :func:`programs`."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder = process, folder

    def run(
        self, program: Path, *arguments: object, env: Mapping[str, str] = os.environ
    ) -> subprocess.CompletedProcess[str]:
        """Run a Python script to its end; return code and output, as ``subprocess.run`` does."""
        out, err = self._folder / "out", self._folder / "err"
        command = [str(program), *map(str, arguments)]
        order = {"command": command, "env": dict(env), "out": str(out), "err": str(err)}
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(order), file=self._process.stdin, flush=True)
        code = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(command, code, out.read_text(), err.read_text())


@contextmanager
def programs(folder: Path) -> Iterator[Programs]:
    """Start the process that the programs are forks of; their output goes through ``folder``."""
    command = [sys.executable, __file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Programs(process, folder)
        assert process.stdin
        process.stdin.close()


def _serve() -> None:
    """Fork a program for each line of standard input; answer with its exit code."""
    sys.path[:] = sys.path[1:]  # the folder of this file
    for name in SHARED:
        import_module(name)
    for package in map(import_module, WHOLE):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    gc.freeze()  # programs neither look through what they share nor copy it
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(order)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(order: Mapping[str, Any]) -> NoReturn:
    """Be the program."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for name, handle in (("out", 1), ("err", 2)):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), handle)
    os.environ.clear()
    os.environ.update(order["env"])
    signal.alarm(120)
    sys.argv = order["command"]
    code: object = 0
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())  # which CKAN replaces
        code = 1
    if isinstance(code, str):
        print(code, file=sys.stderr)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
