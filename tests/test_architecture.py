"""The shape of the house: imports follow the arrows; one file reads the clock, one commits, one reads settings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRACKER = ROOT / "tracker"

# Whom a package may import from the rest of the house; everything else is refused.
ARROWS = {
    "rules": {"rules"},
    "reading": {"rules", "reading"},
    "printing": {"rules", "printing"},
    "sending": {"rules", "sending"},
    "ledger": {"rules", "ledger", "reading.plan"},
    "production": {"rules", "printing", "ledger"},
    "web": {"rules", "reading", "printing", "ledger", "production", "web", "clock", "config"},
    "demo": {"rules", "reading", "ledger", "demo", "config"},
    "jobs": {"rules", "ledger", "sending", "clock", "config"},
    "cli": {"rules", "reading", "ledger", "production", "demo", "jobs", "cli_print", "cli_closing", "clock", "config"},
    "cli_print": {"rules", "printing", "ledger", "clock", "config"},
    "cli_closing": {"rules", "ledger", "production", "clock", "config"},
    "clock": set(),
    "__init__": {"cli", "web", "ledger", "config"},
}
FILES = sorted(TRACKER.rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _package(path: Path) -> str:
    return path.relative_to(TRACKER).with_suffix("").parts[0]


def _within(name: str, allowed: set[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in allowed)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TRACKER)))
def test_imports_follow_the_arrows(path: Path):
    allowed = ARROWS[_package(path)]
    own = [name.removeprefix("tracker.") for name in _imports(path) if name.split(".")[0] in ("tracker", "config")]
    assert [name for name in own if not _within(name, allowed)] == []


@pytest.mark.parametrize("path", sorted((TRACKER / "rules").rglob("*.py")), ids=lambda path: path.name)
def test_rules_import_the_standard_library_only(path: Path):
    import sys

    outside = [name for name in _imports(path) if name.split(".")[0] not in sys.stdlib_module_names | {"tracker"}]
    assert outside == []


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func)


def _attributes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            yield from (ast.unparse(node), node.attr)


def _files_that_call(*endings: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in [*FILES, ROOT / "config.py"]
        if any(call.endswith(endings) for call in _calls(path))
    }


def test_one_file_reads_the_clock():
    asks = ("datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time", "time.localtime")
    assert _files_that_call(*asks) == {"tracker/clock.py"}


def test_one_file_commits():
    assert _files_that_call("session.commit") == {"tracker/ledger/db.py"}


def test_config_alone_reads_the_environment():
    readers = [path for path in FILES if {"os.environ", "getenv"} & set(_attributes(path))]
    assert readers == []


NO_RECORDS = ("page", "year", "number", "version")


def test_numbers_of_records_are_read_within_what_a_database_can_hold():
    asked = re.compile(r"""get(?:list)?\("(\w+)"(?:, \d+)?, (?:type=)?int\)""")
    found = {(path.name, name) for path in FILES for name in asked.findall(path.read_text("utf-8"))}
    assert {name for _, name in found} & set(NO_RECORDS)  # else the pattern finds nothing at all
    assert [each for each in sorted(found) if each[1] not in NO_RECORDS] == []


def test_packages_re_export_nothing():
    for path in TRACKER.rglob("__init__.py"):
        if path.parent.name not in ("tracker", "tables"):
            assert ast.parse(path.read_text("utf-8")).body[1:] == [], path


def test_every_template_parses(app):
    for path in sorted((ROOT / "templates").rglob("*.html")):
        app.jinja_env.get_template(str(path.relative_to(ROOT / "templates")))


def test_no_page_fetches_anything_from_outside():
    shown = [*(ROOT / "templates").rglob("*.html"), *(TRACKER / "web" / "static").iterdir()]
    for path in shown:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//cdn" not in text, path
        assert 'src="http' not in text, path
        assert "@import" not in text, path


def test_no_page_holds_a_script_or_style_of_its_own():
    """The content security policy would refuse it."""
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert "<style" not in text, path
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "<script>" not in text, path


# What verbs are made of: given who acts, but no act of its own.
PARTS = {
    "step",
    "check_complete",
    "new_item",
    "responsibilities_of",
    "checked_ticks",
    "fulfil",
    "begin",
    "keep_entered",
}


def test_every_verb_writes_its_event():
    """A verb is what takes `by` first in the ledger; it may leave the event to another verb."""
    functions = [
        (path.stem, node)
        for path in sorted((TRACKER / "ledger").glob("*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    called: dict[str, set[str]] = {}
    for file, node in functions:
        called.setdefault(_known_as(file, node.name), set()).update(_called_in(file, node))
    writing = {"events.record"}
    while more := {name for name, calls in called.items() if name not in writing and calls & writing}:
        writing |= more
    verbs = {node.name for _, node in functions if node.args.args and node.args.args[0].arg == "by"}
    assert {verb for verb in verbs if not verb.startswith("_")} - writing == PARTS


def _known_as(file: str, name: str) -> str:
    """What begins with an underscore is known in its own file alone, where another file may use the same name."""
    return f"{file}.{name}" if name.startswith("_") else name


def _called_in(file: str, function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            yield name if name == "events.record" else _known_as(file, name.split(".")[-1])
