"""The server: it has the libraries loaded, and forks a process for each task that comes in on its standard input.

Started by :mod:`ckanext.cpdi.reports.process.client`; it ends with its standard input. It opens no file itself.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import select
import signal
import sys
from pathlib import Path

import msgspec

from ckanext.cpdi.reports.pdf import opening, picture
from ckanext.cpdi.reports.pdf.inspection import inspect
from ckanext.cpdi.reports.pdf.picture import draw_large
from ckanext.cpdi.reports.process.wire import Exit, receive, receive_all, send
from ckanext.cpdi.reports.report import Answer, Limits, Refused, Task, refusal

_BYTES_A_CHARACTER = 40
"""The most that an answer has for a character of text: a word of one letter has a box of four numbers."""
_OVERHEAD = 1 << 20
_IDLE = 300
"""Seconds that a server waits for a task; the next task starts another one."""


def main() -> None:
    """Serve until the caller closes the stream, or has no more tasks."""
    opening.prepare()
    picture.prepare()
    # What is there from the start is not looked at again in each process.
    gc.freeze()
    # What libraries print must not come between the messages.
    answers = os.dup(1)
    os.dup2(2, 1)
    while (message := _next()) is not None:
        task = msgspec.msgpack.decode(message, type=Task)
        with contextlib.suppress(BrokenPipeError):
            send(answers, msgspec.msgpack.encode(_in_a_process(task)))


def _next() -> bytes | None:
    """Return the next message; None at the end of the stream, and after a time without any, so that memory is free."""
    return receive(0) if select.select([0], [], [], _IDLE)[0] else None


def _in_a_process(task: Task) -> Exit:
    """Fork, have the child do the task, and return what became of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _do(task, writing)
    os.close(writing)
    try:
        answer = receive_all(reading, task.limits.text * _BYTES_A_CHARACTER + _OVERHEAD)
    finally:
        os.close(reading)
        _, status = os.waitpid(child, 0)
    return Exit(answer, status)


def _do(task: Task, channel: int) -> None:
    """Do the task under its limits, and end this process."""
    code = 1
    try:
        _limit(task.limits)
        answer = msgspec.msgpack.encode(_answer(task))
        rest = memoryview(answer)
        while rest:
            rest = rest[os.write(channel, rest) :]
        code = 0
    finally:
        os._exit(code)


def _answer(task: Task) -> Answer:
    try:
        if task.page:
            draw_large(task)
            return Answer(drawn=True)
        return Answer(inspect(task))
    except Refused as error:
        return refusal(error)
    except MemoryError:
        return refusal(Refused("too_complex"))
    except Exception as error:
        return refusal(Refused("unreadable", _place(error)))


def _place(error: Exception) -> str:
    """Return the error's type and the last place in our code; its message could quote the file."""
    place, trace = "", error.__traceback__
    while trace:
        name = str(trace.tb_frame.f_globals.get("__name__"))
        if name.startswith(__name__.split(".process")[0]):
            place = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"


def _limit(limits: Limits) -> None:
    """Limit this process; a signal ends it where it needs more of a processor."""
    sizes = Path("/proc/self/statm").read_text(encoding="ascii")
    taken = int(sizes.split()[0]) * os.sysconf("SC_PAGE_SIZE")
    for what, most in (
        (resource.RLIMIT_AS, taken + limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_FSIZE, 4 * limits.size),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
