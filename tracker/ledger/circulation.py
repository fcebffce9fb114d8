"""Sending the circular (情况通报) to the units of its quarter: a unit sees it from then on, and signs for its copy."""

from collections.abc import Collection

from tracker.ledger import events, papers, sealed, snapshots, tidings
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.papers import Paper, PaperReceipt
from tracker.rules import papers as rules
from tracker.rules.refusals import Forbidden, Refusal
from tracker.rules.tidings import TidingKind


def send(by: Act, paper: Paper) -> int:
    """Send it to every unit of the sealed roster; how many those are.  Pressed twice it is sent once."""
    if not paper.kind.circulates:
        raise Refusal("只有情况通报发送各单位，其他文书由收文单位在“文书”中查看。")
    events.hold(by.organisation_id)
    db.session.refresh(paper)
    if paper.sent_at is not None:
        return len(paper.receipts)
    newest = sealed.latest(paper.snapshot.plan_id, paper.snapshot.quarter)
    if newest is not None and newest.id != paper.snapshot_id:
        raise Refusal("该季度已更正，请发送更正版的情况通报。")
    if not paper.files:
        raise Refusal("情况通报尚未生成，请先生成全套文书，再发送各单位。")
    paper.receipts = [PaperReceipt(unit_id=unit.id) for unit in snapshots.read(paper.snapshot).units]
    paper.sent_at, paper.sent_by_id = by.at, by.person_id
    db.session.flush()
    number, units = papers.number_of(paper), [receipt.unit_id for receipt in paper.receipts]
    events.record(by, "send", "paper", paper.id, after={"number": number, "units": units})
    title = rules.title(paper.kind, paper.snapshot.quarter)
    for unit_id in units:
        tidings.tell(by, unit_id, TidingKind.CIRCULAR, paper.id, f"收到情况通报（{number}）", title, "请签收")
    return len(paper.receipts)


def receive(by: Act, paper: Paper, units: Collection[int], receiver: str) -> None:
    """The units sign for their copies (签收); a second signature changes nothing."""
    receiver = rules.check_receiver(receiver)
    events.hold(by.organisation_id)
    db.session.refresh(paper)
    own = [receipt for receipt in paper.receipts if receipt.unit_id in units]
    if not own:
        raise Forbidden("文书由收文单位的人员签收。")
    unsigned = [receipt for receipt in own if receipt.received_at is None]
    if not unsigned and all(receipt.received_by != receiver for receipt in own):
        raise Refusal(f"该文书已由{own[0].received_by}签收。")
    for receipt in unsigned:
        receipt.received_by, receipt.received_at = receiver, by.at
        told = {"number": papers.number_of(paper), "unit": receipt.unit_id, "received_by": receiver}
        events.record(by, "receive", "paper", paper.id, after=told)
    db.session.flush()
