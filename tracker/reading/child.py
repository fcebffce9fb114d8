"""The program of the child process in which `guarded` has an untrusted file read.

It takes the request from standard input (a line of JSON, then the file), reads under limits, and answers
on standard output with JSON: the plan, the form or what is wrong with a template, the sentence of a refusal, or the
trace of a fault.
"""

import gc
import json
import os
import resource
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

OPEN_FILES = 64  # libraries load their tables while reading
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "ctypes.")
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # of sched.h
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def limit(memory: int, seconds: int, files: int = OPEN_FILES) -> None:
    """Put limits on this process that it cannot lift: bytes of address space, processor time, files, no writing."""
    _set(resource.RLIMIT_AS, memory)
    _set(resource.RLIMIT_CPU, seconds + 1)  # for a child whose parent has died
    _set(resource.RLIMIT_NOFILE, files)
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_CORE, 0)


def _set(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), min(most, hard)))


def cut_off() -> None:
    """Into a network of its own that leads nowhere, where the kernel lets anybody have one; else the hook must do."""
    with suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook, which nothing can take off again: no connection, no other program, no file written."""
    if event.startswith(_FORBIDDEN) or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
        raise PermissionError(event)


def _alone() -> None:
    """Make `tracker.reading` importable without `tracker` itself, which would load the whole application."""
    package = ModuleType("tracker")
    package.__path__ = [str(Path(__file__).parents[1])]
    sys.modules["tracker"] = package


def answer(asked: dict[str, Any], data: bytes) -> dict[str, Any]:
    from tracker.rules.refusals import Invalid

    try:
        if asked["reads"] == "form":
            return {"form": _form(data)}
        if asked["reads"] == "template":
            return {"template": _template(asked["names"], data)}
        return {"plan": _plan(asked["filename"], data)}
    except Invalid as refusal:
        return {"refused": refusal.sentence}
    except (MemoryError, RecursionError):
        return {"too_much": True}


def _plan(filename: str | None, data: bytes) -> dict[str, Any]:
    """Of a file, or of pasted text, which has no name."""
    from tracker.reading import parse, plan

    read = parse.parse_text(data.decode("utf-8")) if filename is None else parse.parse(data, filename)
    return plan.plan_as_json(read)


def _form(data: bytes) -> dict[str, Any]:
    from tracker.reading import report_form
    from tracker.rules.report_form import form_as_json

    return form_as_json(report_form.read(data))


def _template(names: list[dict[str, Any]], data: bytes) -> list[dict[str, str]]:
    from tracker.reading import office_template
    from tracker.rules.office_templates import Placeholder

    known = [Placeholder(**name | {"columns": tuple(name["columns"])}) for name in names]
    return [vars(fault) for fault in office_template.faults(data, known)]


def main() -> None:
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no answer
    asked = json.loads(sys.stdin.buffer.readline())
    gc.set_threshold(50_000, 20, 20)  # a third of the time of a large plan went into looking for garbage
    cut_off()
    limit(asked["memory"], asked["seconds"])
    sys.addaudithook(_forbid)
    _alone()
    signal.signal(signal.SIGALRM, lambda *_: os.nice(5))
    signal.alarm(1)  # what takes longer lets the pages of the others go first
    try:
        found = answer(asked, sys.stdin.buffer.read())
    except Exception:  # whatever it is, the parent shall hear of it
        found = {"fault": traceback.format_exc()}
    written = memoryview(json.dumps(found).encode())
    while written:
        written = written[os.write(answers, written) :]


if __name__ == "__main__":
    main()
