"""What a notice of the ladder (催办单、督办单、通报、约谈通知) says on paper."""

from datetime import date, timedelta

from tracker.ledger.db import db
from tracker.ledger.standing import duty_facts
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.notices import Notice
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.dates import written
from tracker.rules.notices import MatterLine, NoticeKind, NoticePaper
from tracker.rules.refusals import NotFound


def any_notice(notice_id: int) -> Notice:
    """The notice of whatever organisation: for commands, which run with the rights of the machine."""
    notice = db.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound(f"没有编号为 {notice_id} 的文书。")
    return notice


def paper(notice: Notice, today: date, received_on: date | None) -> NoticePaper:
    """A proposal reads as it would if it went out today; `received_on` is the local day of its receipt."""
    organisation = db.session.get_one(Organisation, notice.organisation_id)
    day = notice.issued_on or today
    duties = [matter.duty for matter in notice.matters]
    plans = tuple(dict.fromkeys(duty.item.plan.titled_with_year for duty in duties))
    due = {facts.id: facts.answer_by_now for facts in duty_facts(Duty.id.in_([duty.id for duty in duties]), day)}
    return NoticePaper(
        kind=notice.kind,
        year=notice.year,
        number=notice.number,
        issuer=f"{organisation.name}领导小组办公室",
        addressee=notice.unit.name,
        issued_on=day,
        matter=notice.matter,
        basis=notice.basis,
        demand=notice.demand,
        reply_due=notice.reply_due or day,
        matters=tuple(_line(duty, due.get(duty.id), day, alone=len(plans) == 1) for duty in duties),
        plans=plans,
        received_by=notice.received_by,
        received_on=written(received_on) if received_on else "",
        reply=notice.reply,
        sample=organisation.sample,
    )


def example(organisation: Organisation, kind: NoticeKind, today: date) -> NoticePaper:
    """One that was never issued, to see a template filled; it says so itself."""
    return NoticePaper(
        kind=kind,
        year=today.year,
        number=1,
        issuer=f"{organisation.name}领导小组办公室",
        addressee="示例单位",
        issued_on=today,
        matter="2 项任务逾期未办结",
        basis="这里是发文的依据。",
        demand="这里是办理要求。",
        reply_due=today + timedelta(days=5),
        matters=tuple(
            MatterLine(f"示例任务{place}", "示例事项", today - timedelta(days), days)
            for place, days in (("一", 12), ("二", 5))
        ),
        plans=("示例工作计划",),
        sample=True,
    )


def _line(duty: Duty, moved: date | None, day: date, *, alone: bool) -> MatterLine:
    """The task with its number, and where it is not the paper's only plan with its plan's title."""
    due = moved or duty.answer_by
    assert due is not None  # only what has a day can be late
    named = f"{duty.item.position}. {duty.item.short}"
    task = named if alone else f"《{duty.item.plan.titled_with_year}》{named}"
    return MatterLine(task, duty.label, due, (day - due).days)
