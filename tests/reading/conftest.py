"""Documents for the tests of reading: a test's docstring, or the seed plans."""

import inspect
from pathlib import Path

import pytest

from tracker.reading.parse import parse_text
from tracker.reading.plan import ParsedPlan

SEEDS = Path(__file__).parents[2] / "seed_plans"


@pytest.fixture
def document(request: pytest.FixtureRequest) -> str:
    """The docstring of the test."""
    return inspect.cleandoc(request.function.__doc__)


@pytest.fixture
def plan(document: str) -> ParsedPlan:
    """The plan that the docstring of the test is."""
    return parse_text(document)


def printed(plan: ParsedPlan, read: object) -> str:
    """What the source has where a unit, a target or a deadline was read."""
    return plan.source[read.span.start : read.span.end]
