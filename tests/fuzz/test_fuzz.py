"""The short form of the fuzz target; `make fuzz` is the long one."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers

from tests.fuzz.mutants import KINDS, mutant, sound
from tests.fuzz.run import is_bad
from tests.fuzz.worker import Outcome, Worker


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.end()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(number=integers(0, 10**6))
def test_a_mutated_document_is_read_or_refused(worker: Worker, kind: str, number: int):
    outcome = worker.read(kind, number)
    assert not is_bad(outcome), outcome.detail


def test_a_mutant_is_the_same_each_time_and_not_the_document():
    assert mutant("docx", 1) == mutant("docx", 1) != sound("docx")


@pytest.mark.parametrize("outcome", [Outcome("fault"), Outcome("stuck"), Outcome("died", detail="-11")])
def test_what_counts_as_bad(outcome: Outcome):
    assert is_bad(outcome)
