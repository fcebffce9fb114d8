"""Reading untrusted files: in a child process with limits, so that the worst file costs some seconds and a sentence.

`parse` and `parse_text` are those of `parse.py`, `read_form` is that of `report_form.py`, `template_faults` that of
`office_template.py`, with the same refusals.
A child is started for each file (0.2 s) by exec, never by a bare fork: the server that calls has threads.  It gets no
environment, no open files, no network, and cannot write; what runs too long is killed with all that it started.
"""

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from time import monotonic
from typing import Any

from tracker.reading import oldword
from tracker.reading.parse import check_size
from tracker.reading.plan import ParsedPlan, plan_from_json
from tracker.rules.office_templates import Misplaced, Placeholder
from tracker.rules.refusals import Invalid
from tracker.rules.report_form import ReadForm, form_from_json

log = logging.getLogger(__name__)

SECONDS = 8
MEMORY = 640_000_000  # address space, of which a child takes 60 MB to start
LONGEST_ANSWER = 60_000_000
AT_ONCE = 2  # in one process: its other threads go on serving pages
PATIENCE = 1.5  # seconds to wait for one of these places

_CHILD = Path(__file__).with_name("child.py")
_PIECE = 65_536

TOO_LONG = "读取这个文件用时过长，已经停止。请复制正文后用“粘贴正文”导入，或另存为 .docx、.txt 后再试。"
TOO_MUCH = (
    "这个文件过于庞大、复杂，或已经损坏，无法读取。请用原来的软件打开，只保留计划正文，另存为 .docx 或 .txt 后再试。"
)
FAULT = "这个文件没能读出来，可能已经损坏。请用原来的软件打开，另存为 .docx 或 .txt 后再导入。"
NO_FORM = "这份表格没能读出来，可能过于庞大，或已经损坏。请重新下载本季度的填报表，把内容填入后再上传。"
NO_TEMPLATE = "这份模板没能读出来，可能过于庞大，或已经损坏。请在 Word 或 WPS 中打开，另存为 .docx 后再上传。"
BUSY = "系统正在读取其他文件，请稍等片刻再导入。"

_places = threading.BoundedSemaphore(AT_ONCE)


def parse(data: bytes, filename: str) -> ParsedPlan:
    """Read a file; raise Invalid, with what to do, for one that cannot be read."""
    check_size(data)
    with _place():
        if oldword.is_old(data):
            data, filename = oldword.converted(data), f"{PurePath(filename).stem}.docx"
        return _read(data, filename)


def parse_text(pasted: str) -> ParsedPlan:
    """Read pasted text."""
    with _place():
        return _read(pasted.encode("utf-8", "replace"), None)


def read_form(data: bytes) -> ReadForm:
    """Read a quarter's form that came back; raise Invalid, with what to do, for a file that is none."""
    with _place():
        answer = _answered(data, "form", None)
    if "form" not in answer:
        raise Invalid(NO_FORM)
    return form_from_json(answer["form"])


def template_faults(data: bytes, names: Sequence[Placeholder]) -> list[Misplaced]:
    """What is wrong in an office's own Word file for a paper; raise Invalid for one that is not safe, or none."""
    with _place():
        answer = _answered(data, "template", None, names=[vars(name) for name in names])
    if "template" not in answer:
        raise Invalid(NO_TEMPLATE)
    return [Misplaced(**fault) for fault in answer["template"]]


def _read(data: bytes, filename: str | None) -> ParsedPlan:
    answer = _answered(data, "plan", filename)
    if "plan" in answer:
        return plan_from_json(answer["plan"])
    if "fault" in answer:
        raise Invalid(FAULT)
    raise Invalid(TOO_LONG if "too_long" in answer else TOO_MUCH)


def _answered(data: bytes, reads: str, filename: str | None, **more: object) -> dict[str, Any]:
    """What a child reads in the file, or why there is nothing; raise Invalid where it is refused with a sentence."""
    asked = {"reads": reads, "filename": filename, "memory": MEMORY, "seconds": SECONDS, **more}
    answer = _asked(json.dumps(asked).encode() + b"\n" + data)
    if "refused" in answer:
        raise Invalid(answer["refused"])
    if "fault" in answer:
        log.error("fault in reading %r, %d bytes\n%s", filename or reads, len(data), answer["fault"])
    return answer


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE):
        raise Invalid(BUSY)
    try:
        yield
    finally:
        _places.release()


def _asked(request: bytes) -> dict[str, Any]:
    """What a child answers to the request; one that dies without a word has most likely run into its limits."""
    until = monotonic() + SECONDS
    with _child() as child:
        sending = threading.Thread(target=_send, args=(child.stdin, request))
        sending.start()
        try:
            answer = _answer(child.stdout, until)
        finally:
            _end(child)
            sending.join()
    if answer is None:
        return {"too_long": True}
    try:
        return dict(json.loads(answer))
    except ValueError:
        log.warning("a reading child ended without an answer, status %s", child.returncode)
        return {"too_much": True}


def _child() -> "subprocess.Popen[bytes]":
    """A child in a process group of its own."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-B", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Kill the child's group, before the child is waited for: afterwards its number may be another's."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _send(pipe: Any, request: bytes) -> None:
    with suppress(OSError), pipe:  # where the child has died, its answer, or the lack of one, says why
        pipe.write(request)


def _answer(pipe: Any, until: float) -> bytes | None:
    """All that it says; None where it does not come to an end."""
    answer = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        while ready.select(max(until - monotonic(), 0)) and len(answer) <= LONGEST_ANSWER:
            piece = os.read(pipe.fileno(), _PIECE)
            if not piece:
                return bytes(answer)
            answer += piece
    return None
