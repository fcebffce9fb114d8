"""Short plans in the ways offices write them, each with what a careful clerk reads in it.

`examples/NAME.txt` (or `.html`, where cells are merged) is the document, `examples/NAME.json` the reading: of an item
the beginning of its task is given, a date as `2025-06-30`, another deadline by its label, a target as `>= 95%` or
`== 2次/month`; both sorted.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tracker.reading.parse import parse
from tracker.reading.plan import ReadItem
from tracker.rules.deadlines import Deadline
from tracker.rules.targets import Target

FOLDER = Path(__file__).parent / "examples"
EXAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_reads_as_the_clerk_reads_it(path):
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    plan = parse(path.read_bytes(), path.name)
    tasks = [item["task"] for item in expected["items"]]
    found = [facts(item, task) for item, task in zip(plan.items, tasks, strict=True)]
    assert {"title": plan.title, "issuer": plan.issuer, "year": plan.year, "items": found} == expected


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_not_sure_has_a_doubt_on_its_item(path):
    for item in parse(path.read_bytes(), path.name).items:
        unsure = [field for field in (*item.units, *item.targets, *item.deadlines) if not field.sure]
        assert all(field.rule for field in (*item.units, *item.targets, *item.deadlines))
        assert bool(unsure) <= any(remark.doubt for remark in item.remarks)


def facts(item: ReadItem, task: str) -> dict[str, Any]:
    assert item.task.startswith(task)
    return {
        "section": list(item.section),
        "task": task,
        "lead": [unit.name for unit in item.units if unit.lead],
        "support": [unit.name for unit in item.units if not unit.lead],
        "targets": sorted(short_target(read.target) for read in item.targets),
        "deadlines": sorted(short_deadline(read.deadline) for read in item.deadlines),
    }


def short_target(target: Target) -> str:
    return f"{target.op} {target.value}{target.measure}" + (f"/{target.per}" if target.per else "")


def short_deadline(deadline: Deadline) -> str:
    return deadline.due.isoformat() if deadline.due else deadline.label
