"""Instructions for tests: giving, answering, settling; inside an application context."""

from datetime import date

from tests.conftest import TODAY, Cast
from tracker.ledger import instructions
from tracker.ledger.db import transaction
from tracker.ledger.instructions import Case, Source
from tracker.ledger.tables.instructions import Instruction, InstructionShare
from tracker.rules.instructions import Order, StepKind

DUE = date(2025, 4, 10)
TEXT = "请查明原因，限期整改。"


def give(cast: Cast, units=("县司法局",), due=DUE, text=TEXT, by="leader", on: date = TODAY, key="a" * 32, item=0):
    """On the first item, unless another is named, or none."""
    order = Order(text, due, tuple(cast.units[name] for name in units))
    source = Source("第 1 项", "/items/1", cast.plan, None if item is None else cast.items[item])
    with transaction():
        return instructions.give(cast.act(by, on), order, source, key)


def share_of(instruction: Instruction, cast: Cast, unit: str = "县司法局") -> InstructionShare:
    return next(share for share in instruction.shares if share.unit_id == cast.units[unit])


def answer(cast: Cast, share: InstructionShare, text="已整改到位。", by="handler", on=TODAY, version=None) -> None:
    with transaction():
        instructions.answer(cast.act(by, on), share, text, share.version if version is None else version)


def settle(cast: Cast, share: InstructionShare, kind=StepKind.CLOSE, text="", by="leader", on=TODAY, version=None):
    with transaction():
        instructions.settle(cast.act(by, on), share, kind, text, share.version if version is None else version)


def case(cast: Cast, instruction: Instruction, as_of: date = TODAY, scope=None) -> Case:
    return instructions.case_of(cast.county, instruction.id, scope, as_of)
