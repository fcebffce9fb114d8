"""Viruses (病毒查杀): every uploaded file is shown to the office's own scanner before it is kept, where one is set."""

import logging
import subprocess
import tempfile

from tracker.rules.refusals import Invalid
from tracker.web.access import settings

log = logging.getLogger(__name__)

PATIENCE = 15  # seconds for one file; the server gives up on a request after sixty
_CLEAN, _INFECTED = 0, 1


def check_clean(name: str, content: bytes) -> None:
    """Raise Invalid for a file in which the scanner finds a virus, and for one that it could not search."""
    command = settings().scan_command
    if not command:
        return
    status = _scan(command, content)
    if status == _INFECTED:
        log.warning("virus in upload %r", name)
        raise Invalid(f"“{name[-60:]}”中发现病毒，未上传。请先对该文件和本机查杀病毒，再重新选择。")
    if status != _CLEAN:
        raise Invalid(f"未能完成病毒查杀，“{name[-60:]}”未上传。请稍后再试；多次出现时请联系系统管理员。")


def _scan(command: tuple[str, ...], content: bytes) -> int | None:
    """The scanner's exit status; None where it gave no answer.  What it says goes to the log."""
    with tempfile.NamedTemporaryFile(prefix="upload-") as file:
        file.write(content)
        file.flush()
        try:
            done = subprocess.run(  # noqa: S603 - the office's own program; the name of the file is ours
                [*command, file.name], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
            )
        except (subprocess.TimeoutExpired, OSError) as fault:
            log.error("scanner gave no answer: %s", fault)
            return None
    if done.returncode:
        log.warning("scanner ended with %s: %s", done.returncode, (done.stdout + done.stderr)[:500])
    return done.returncode
