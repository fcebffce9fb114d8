"""The web server: two processes of four threads each fill two cores; each page is a short piece of work."""

import gc
import sys

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

workers = 2
threads = 4
timeout = 60
graceful_timeout = 10
loglevel = "warning"
OBJECTS_TO_SEARCH = 20_000
control_socket_disable = True  # nothing uses it, and a service account may have no home folder to put it in


def on_starting(_server: Arbiter) -> None:
    """Bad settings stop the start here; met in a worker only, they would have it started again and again."""
    import config  # at the top it would be taken for a setting of this name

    config.load().fit_to_serve()


def when_ready(server: Arbiter) -> None:
    """Give the address once the port is really ours."""
    where = "、".join(str(listener) for listener in server.LISTENERS)
    sys.stderr.write(f"\n工作计划台账 {where} （按 Ctrl+C 停止）\n")


def post_worker_init(_worker: Worker) -> None:
    """What a worker has loaded stays, and no search for garbage need go through it; a page alone calls for none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_TO_SEARCH)
