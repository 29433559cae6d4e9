"""The caller's side: servers that wait for a task, and what is said of a process that did not answer."""

from __future__ import annotations

import atexit
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

import msgspec

from ckanext.cpdi.reports.process.wire import Exit, receive, send
from ckanext.cpdi.reports.report import Answer, Examination, Limits, Refused, Task

_MODULE = "ckanext.cpdi.reports.process.server"
_ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""All that a server sees of the environment: nothing of the site. A library's threads would not outlive a fork."""


class _Server:
    """A running server, which does one task at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  this interpreter, and a module of ours
            [sys.executable, "-I", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_ENVIRONMENT,
            # The processes of files are in its group, and end with it.
            start_new_session=True,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the server of reports has no streams")
        self._questions, self._answers = self._process.stdin, self._process.stdout

    def ask(self, task: Task, seconds: float) -> Exit:
        """Return how the task's process ended; raise Refused after ``seconds``, OSError where the server is gone."""
        until = time.monotonic() + seconds
        send(self._questions.fileno(), msgspec.msgpack.encode(task))
        with selectors.DefaultSelector() as ready:
            ready.register(self._answers, selectors.EVENT_READ)

            def wait() -> None:
                if not ready.select(max(0.0, until - time.monotonic())):
                    raise Refused("too_long", limit=round(seconds))

            answer = receive(self._answers.fileno(), wait)
        if answer is None:
            raise BrokenPipeError("the server of reports has ended")
        return msgspec.msgpack.decode(answer, type=Exit)

    def end(self) -> None:
        """End the server and whatever it is doing."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._questions.close()
        self._answers.close()


class _Servers:
    """The idle servers of this process: as many as there have been tasks at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Server] = []

    @contextmanager
    def borrow(self) -> Generator[_Server]:
        """Lend a server; one whose task did not end as it should is not used again."""
        with self._lock:
            server = self._idle.pop() if self._idle else None
        server = server or _Server()
        try:
            yield server
        except BaseException:
            server.end()
            raise
        with self._lock:
            self._idle.append(server)

    def end(self) -> None:
        """End the idle servers."""
        with self._lock:
            idle, self._idle = self._idle, []
        for server in idle:
            server.end()

    def forget(self) -> None:
        """Forget the servers: after a fork they are the parent's."""
        self._lock = threading.Lock()
        self._idle = []


_servers = _Servers()
os.register_at_fork(after_in_child=_servers.forget)
# They would end by themselves; whoever waits for this process then finds none of them left, and what they took.
atexit.register(_servers.end)


def run(task: Task) -> Examination:
    """Have the task done in a process of its own; raise Refused where the file is refused or has no end."""
    return _answer(task).result()


def draw(task: Task) -> None:
    """Have one page drawn in a process of its own; raise Refused where it cannot be."""
    answer = _answer(task)
    if not answer.drawn:
        answer.result()  # raises


def _answer(task: Task) -> Answer:
    """Return what the process of the task answered; raise Refused where it did not."""
    try:
        end = _ask(task)
    except BrokenPipeError:
        # A server that waited has ended, after its time or by the machine for want of memory. So may all others have
        # that have waited as long: a new one is asked.
        _servers.end()
        end = _ask(task)
    ended_by = os.WTERMSIG(end.status) if os.WIFSIGNALED(end.status) else 0
    if ended_by in (signal.SIGXCPU, signal.SIGKILL):
        raise Refused("too_long", limit=task.limits.cpu)
    # Libraries end the process where they get no memory.
    if ended_by == signal.SIGABRT:
        raise Refused("too_complex")
    if end.status or not end.answer:
        raise Refused("unreadable", _ended(end.status, task.limits))
    return msgspec.msgpack.decode(end.answer, type=Answer)


def _ask(task: Task) -> Exit:
    with _servers.borrow() as server:
        return server.ask(task, task.limits.seconds)


def end_servers() -> None:
    """End the servers that wait, for a process that goes on without reading reports."""
    _servers.end()


def _ended(status: int, limits: Limits) -> str:
    """Return how a process ended without an answer, for the log."""
    return f"wait status {status} under {limits.memory} bytes"
