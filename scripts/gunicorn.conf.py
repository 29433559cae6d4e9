"""gunicorn, natively and in containers: threads, since most of a request is waiting for a database.

Each worker starts CKAN for itself: connections and Polars' threads must not be forked. No access log: addresses carry
what people searched for (`q`, `bbox`).
"""

import contextlib
import os

chdir = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  the folder of wsgi.py
wsgi_app = "wsgi:application"
_host, _port = os.environ.get("WEB_HOST", "127.0.0.1"), os.environ.get("WEB_PORT", "5000")
bind = os.environ.get("WEB_BIND", f"{_host}:{_port}")
if bind.startswith("unix:"):  # a socket's path may have 107 bytes at most
    bind = f"unix:{os.path.relpath(bind.removeprefix('unix:'), chdir)}"
umask = 0o077  # of the socket: whoever can write to it can say what address a request came from
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 120
graceful_timeout = 30
limit_request_line = 0  # the web server in front takes 16 KB, which a link with many values may have
control_socket_disable = True


def post_worker_init(worker):  # noqa: ANN001, ANN201, ARG001  gunicorn's hook
    """Give a worker that is ready its place behind the pages; one that starts has the processor as they do.

    Linux shares the processor among sessions first (autogroup), and niceness counts within one of them only.
    """
    niceness = int(os.environ.get("NICENESS", "0"))
    if niceness == 0:
        return
    with contextlib.suppress(OSError), open("/proc/self/autogroup", "w", encoding="ascii") as group:  # noqa: PTH123
        group.write(str(niceness))
    for thread in map(int, os.listdir("/proc/self/task")):  # noqa: PTH208
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + niceness)


def child_exit(server, worker):  # noqa: ANN001, ANN201, ARG001  gunicorn's hook
    """Take what a process that ended says of the present out of ``/metrics``; what it counted stays."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
