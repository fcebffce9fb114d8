"""Findings for tests: recording, notifying, and each step after; inside an application context."""

from datetime import date

from tests.conftest import TODAY, Cast
from tests.reporting import Q1
from tracker.ledger import findings
from tracker.ledger.db import db, transaction
from tracker.ledger.findings import FindingText, Proof
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.findings import FindingAct, FindingSource
from tracker.rules.quarters import Quarter

DUE = date(2025, 4, 18)


def text(cast: Cast, item: int | None = 0, quarter: Quarter = Q1, **more) -> FindingText:
    known = {
        "source": FindingSource.INSPECTION,
        "criterion": "及时",
        "problem": "专栏两个月未更新。",
        "basis": "计划要求及时公开。",
        "demand": "补齐内容，明确专人。",
        "due": DUE,
    }
    about = db.session.get_one(Item, cast.items[item]) if item is not None else None
    return FindingText(quarter, item=about, **(known | more))


def record(cast: Cast, unit="县司法局", by="inspector", on: date = TODAY, proof=None, item: int | None = 0, **more):
    with transaction():
        concerned = db.session.get_one(Unit, cast.units[unit])
        return findings.record(cast.act(by, on), concerned, text(cast, item, **more), proof or Proof())


def notify(cast: Cast, *found: Finding, by="clerk", on: date = TODAY) -> None:
    with transaction():
        findings.notify(cast.act(by, on), found)


def notified(cast: Cast, unit="县司法局", by="inspector", on: date = TODAY, **more) -> Finding:
    found = record(cast, unit, by, on, **more)
    notify(cast, found, on=on)
    return found


def take(cast: Cast, found: Finding, act: FindingAct, words="已办。", by="handler", on: date = TODAY, version=None):
    with transaction():
        findings.take(cast.act(by, on), found, act, words, found.version if version is None else version)
    return found


def submitted(cast: Cast, **more) -> Finding:
    found = take(cast, notified(cast, **more), FindingAct.PLAN, "补齐；王某；4月10日前。")
    return take(cast, found, FindingAct.SUBMIT, "已补齐。")
