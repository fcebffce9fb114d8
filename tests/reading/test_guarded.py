import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.reading import papers
from tracker.reading import guarded, parse
from tracker.rules.refusals import Invalid

TEXT = "某县2025年工作要点\n一、6月底前公开目录，公开率达95%。（责任单位：县司法局）\n二、更新指南。"


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`child(program)` has this program run in the place of the reading child."""

    def put(program: str) -> None:
        path = tmp_path / "child.py"
        path.write_text(program)
        monkeypatch.setattr(guarded, "_CHILD", path)

    return put


def inside(line: str) -> str:
    """The real child, which does this too before it reads."""
    program = Path(guarded._CHILD).read_text("utf-8").replace("__file__", repr(str(guarded._CHILD)))
    return program.replace("        if asked", f"        {line}\n        if asked")


@pytest.fixture
def no_child_is_left() -> Iterator[None]:
    """Those that other tests keep, such as a browser, do not count."""
    before = _children()
    yield
    assert _children() == before


def _children() -> set[str]:
    return set(Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split())


@pytest.mark.usefixtures("no_child_is_left")
@pytest.mark.parametrize(("data", "name"), [(TEXT.encode(), "a.txt"), (papers.word(*TEXT.split("\n")), "a.docx")])
def test_it_reads_what_reading_reads(data, name):
    assert guarded.parse(data, name) == parse.parse(data, name)


def test_pasted_text_is_read_too():
    assert guarded.parse_text(TEXT) == parse.parse_text(TEXT)


@pytest.mark.parametrize(("data", "sentence"), [(b"", "空的"), ("各位同事。".encode(), "没有读到工作任务")])
def test_a_refusal_of_reading_is_passed_on(data, sentence):
    with pytest.raises(Invalid, match=sentence):
        guarded.parse(data, "a.txt")


@pytest.mark.usefixtures("no_child_is_left")
def test_a_stuck_child_is_ended_with_all_that_it_started(child, monkeypatch, tmp_path):
    monkeypatch.setattr(guarded, "SECONDS", 0.5)
    mark = tmp_path / "still-here"
    child(f"import subprocess, time; subprocess.Popen(['sh', '-c', 'sleep 1; touch {mark}']); time.sleep(30)")
    started = monotonic()
    with pytest.raises(Invalid, match="用时过长"):
        guarded.parse(b"x" * 1_000_000, "a.txt")
    assert monotonic() - started < 5
    threading.Event().wait(1.2)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("", "过于庞大"),
        ("import os; os.abort()", "过于庞大"),
        ("print('no answer')", "过于庞大"),
        ("import json; print(json.dumps({'fault': 'trace'}))", "没能读出来"),
        ("while True: print('x' * 100000)", "用时过长"),
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_a_refusal(child, monkeypatch, program, sentence):
    monkeypatch.setattr(guarded, "LONGEST_ANSWER", 1_000_000)
    child(program)
    with pytest.raises(Invalid, match=sentence):
        guarded.parse(b"x" * 1_000_000, "a.txt")


def test_a_fault_of_ours_is_logged_and_told_plainly(child, caplog):
    child(inside("raise KeyError('a slip of ours')"))
    with pytest.raises(Invalid, match="没能读出来"):
        guarded.parse(TEXT.encode(), "a.txt")
    assert "a slip of ours" in caplog.text


@pytest.mark.parametrize(
    "line",
    [
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "os.fork()",
        "open('/tmp/written-by-a-plan', 'w')",
    ],
)
def test_a_child_has_no_network_no_program_and_no_disk(child, caplog, line):
    child(inside(line))
    with pytest.raises(Invalid, match="没能读出来"):
        guarded.parse(TEXT.encode(), "a.txt")
    assert "PermissionError" in caplog.text
    assert not Path("/tmp/written-by-a-plan").exists()


def _kernel_permits() -> bool:
    """Whether anybody may have a network of his own here."""
    return subprocess.run(["unshare", "--user", "--net", "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not _kernel_permits(), reason="the kernel gives nobody a network of his own")
def test_a_child_stands_in_a_network_that_leads_nowhere(child, tmp_path):
    """Only the loop of its own, and that is down: a library that passes by the guard reaches nothing."""
    child(inside("assert [line.split(':')[0].strip() for line in open('/proc/net/dev').readlines()[2:]] == ['lo']"))
    assert guarded.parse(TEXT.encode(), "a.txt").items
    child(inside(f"assert os.readlink('/proc/self/ns/net') != {os.readlink('/proc/self/ns/net')!r}"))
    assert guarded.parse(TEXT.encode(), "a.txt").items


def test_a_kernel_that_permits_no_network_of_ones_own_is_no_hindrance(child):
    program = Path(guarded._CHILD).read_text("utf-8").replace("__file__", repr(str(guarded._CHILD)))
    child(program.replace("ctypes.CDLL(None).unshare(", "ctypes.CDLL(None).no_such_function("))
    assert guarded.parse(TEXT.encode(), "a.txt").items


@pytest.mark.parametrize("line", ["bytearray(2_000_000_000)", "(lambda f: f(f))(lambda f: f(f))"])
def test_a_child_has_little_memory(child, line):
    child(inside(line))
    with pytest.raises(Invalid, match="过于庞大"):
        guarded.parse(TEXT.encode(), "a.txt")


def test_a_child_knows_nothing_of_its_parent(child):
    handles = [os.open("/", os.O_RDONLY) for _ in range(20)]
    child(inside("assert os.environ.keys() <= {'LC_CTYPE'} and len(os.listdir('/proc/self/fd')) <= 7"))
    assert guarded.parse(TEXT.encode(), "a.txt").items
    for handle in handles:
        os.close(handle)


def test_the_application_is_not_loaded_into_the_child(child):
    child(inside("assert not {'flask', 'sqlalchemy'} & sys.modules.keys()"))
    assert guarded.parse(TEXT.encode(), "a.txt").items


def test_more_files_at_once_than_places_are_asked_to_wait(monkeypatch):
    monkeypatch.setattr(guarded, "PATIENCE", 0.1)
    monkeypatch.setattr(guarded, "_places", threading.BoundedSemaphore(1))
    with guarded._place(), pytest.raises(Invalid, match="稍等"):
        guarded.parse(TEXT.encode(), "a.txt")
    assert guarded.parse(TEXT.encode(), "a.txt").items
