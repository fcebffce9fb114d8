"""The web server: two processes of four threads each fill two cores; each page is a short piece of work."""

from gunicorn.arbiter import Arbiter

workers = 2
threads = 4
timeout = 60
graceful_timeout = 10
control_socket_disable = True  # nothing uses it, and a service account may have no home folder to put it in
loglevel = "warning"


def when_ready(server: Arbiter) -> None:
    """Say where, once the port is really ours."""
    server.log.warning("Open %s (Ctrl+C ends)", ", ".join(str(socket) for socket in server.LISTENERS))
