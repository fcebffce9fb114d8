"""The set-up installs what the product imports, exactly as pinned, on any machine."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.in": "requirements.txt", "requirements-dev.in": "requirements-dev.txt"}
OURS = {*sys.stdlib_module_names, "tracker", "config"}


def test_everything_the_product_imports_is_a_named_requirement() -> None:
    named = _asked_for("requirements.in")
    owners = packages_distributions()
    strays = {
        package
        for package in _imported(ROOT / "tracker")
        if not named & {_plain(owner) for owner in owners.get(package, [])}
    }
    assert not strays


@pytest.mark.parametrize(("asked", "lock"), LOCKS.items())
def test_every_requirement_is_locked_to_one_version(asked: str, lock: str) -> None:
    pins = re.findall(r"^([a-z0-9._-]+)==\S+ \\$", (ROOT / lock).read_text(), re.MULTILINE)
    assert _asked_for(asked) <= {_plain(pin) for pin in pins}


@pytest.mark.parametrize("lock", LOCKS.values())
def test_a_lock_holds_nothing_but_versions_and_hashes(lock: str) -> None:
    lines = [line for line in (ROOT / lock).read_text().splitlines() if line.strip() and line.lstrip()[0] != "#"]
    expected = re.compile(r"[a-z0-9._-]+==[0-9][\w.]* \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not expected.fullmatch(line)] == []


def test_a_bad_setting_stops_the_start_and_says_which() -> None:
    server = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "127.0.0.1:0"]
    bare = {"PATH": os.environ["PATH"]}
    ended = subprocess.run([*server, "tracker:serving()"], cwd=ROOT, env=bare, capture_output=True, timeout=30)
    assert ended.returncode == 1
    assert b"TRACKER_SECRET_KEY is not set" in ended.stderr


def _asked_for(file: str) -> set[str]:
    lines = (ROOT / "deploy" / file).read_text().splitlines()
    return {_plain(found[0]) for line in lines if (found := re.match(r"[a-z][a-z0-9._-]*", line))}


def _imported(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            yield from (top for name in names if (top := name.split(".")[0]) not in OURS)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
