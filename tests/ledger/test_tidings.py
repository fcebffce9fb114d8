from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import extending, finding, inspecting, instructing
from tests.closing import seal
from tests.conftest import TODAY, noon
from tests.ledger.test_circulation import kept, send
from tests.reporting import content, report_duty, review, submit
from tracker.ledger import accounts, extensions, inspection_parts, inspections, notices, preferences, tidings
from tracker.ledger.db import db, transaction
from tracker.ledger.notices import NoticeText
from tracker.ledger.tables.messages import Message
from tracker.ledger.tables.tidings import Tiding
from tracker.rules.extensions import ExtensionLevel
from tracker.rules.findings import FindingAct
from tracker.rules.reports import Verdict
from tracker.rules.tidings import TidingKind

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def listening(cast):
    """The handler wants mail; so does the clerk, who is of no unit."""
    listen(cast, "handler")
    listen(cast, "clerk")


def listen(cast, login, **choice):
    with transaction():
        address = f"{login}@example.gov.cn"
        preferences.choose(cast.act(login), **({"email": address, "mail": True, "quiet": None} | choice))


def told(cast, unit="县司法局") -> list[tuple[TidingKind, str]]:
    return [(each.kind, each.text) for each in reversed(tidings.tidings_of([cast.units[unit]], 50))]


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_the_decision_on_an_extension_is_told_to_its_unit(cast, listening):
    extending.approve(cast, extending.apply(cast))
    assert told(cast) == [
        (TidingKind.EXTENSION, "1. 预公开重大行政决策草案，2025年8月底前，延期申请已批准，期限延至2025年10月31日。")
    ]
    [mail] = mails()
    assert (mail.address, mail.subject) == ("handler@example.gov.cn", "工作计划台账办理消息：1 条")
    assert mail.key.startswith(f"tiding-{cast.people['handler']}-")


def test_a_refusal_is_told_with_its_reason_and_an_opinion_on_the_way_is_not(cast, listening):
    extending.set_levels(cast, 2)
    extension = extending.apply(cast)
    extending.judge(cast, extension, ExtensionLevel.OFFICE)
    assert told(cast) == []
    extending.judge(cast, extension, ExtensionLevel.LEADER, Verdict.RETURN, "理由不足。", by="leader")
    assert told(cast)[0][1].endswith("延期申请未获领导同意，意见：理由不足。")


def test_a_returned_report_is_told_an_accepted_one_is_not(cast, listening):
    report = submit(cast, content(), report_duty(cast))
    review(cast, report, Verdict.RETURN, "请附佐证材料。")
    [(kind, said)] = told(cast)
    assert kind is TidingKind.REPORT
    assert said.startswith("1. 预公开重大行政决策草案，2025年第一季度填报，被领导小组办公室退回，")
    assert said.endswith("请修改后重新提交，意见：请附佐证材料。")
    review(cast, submit(cast, content(), report_duty(cast)), Verdict.ACCEPT)
    assert len(told(cast)) == 1


def test_an_instruction_reaches_every_unit_it_names_and_its_settling_the_one(cast, listening):
    instruction = instructing.give(cast, ("县司法局", "东镇"))
    instructing.answer(cast, instructing.share_of(instruction, cast))
    instructing.settle(cast, instructing.share_of(instruction, cast))
    assert [kind for kind, _ in told(cast)] == [TidingKind.INSTRUCTION] * 2
    assert "已办结" in told(cast)[1][1]
    assert len(told(cast, "东镇")) == 1


def test_a_notice_is_told_when_it_is_issued_not_when_it_is_proposed(cast, listening):
    late = date(2025, 4, 8)
    with transaction():
        notices.propose(cast.county, late)
    assert told(cast) == []
    [own] = [each for each in notices.notices_of(cast.county, None) if each.unit_id == cast.units["县司法局"]]
    with transaction():
        words = NoticeText("2 项任务逾期未办结", "经核对。", "请抓紧。", date(2025, 4, 14))
        notices.issue(cast.act("clerk", late), db.session.merge(own), words)
    assert told(cast) == [
        (
            TidingKind.NOTICE,
            "收到催办单（催办〔2025〕1号），2 项任务逾期未办结，请签收，并于2025年4月14日前回复。",
        )
    ]


def test_a_finding_is_told_by_its_notice_and_by_what_is_said_of_its_result(cast, listening):
    found = finding.submitted(cast)
    finding.take(cast, found, FindingAct.RETURN, "还差一半。", by="clerk")
    [notice, returned] = told(cast)
    assert notice[0] is returned[0] is TidingKind.FINDING
    assert returned[1].endswith("核查未通过，退回整改，意见：还差一半。")


def test_the_notice_of_an_inspection_is_told_to_the_units_it_names_and_to_no_other(cast, listening):
    inspecting.notified(cast, ["县司法局", "东镇"])
    assert (
        told(cast)
        == told(cast, "东镇")
        == [
            (
                TidingKind.INSPECTION,
                "收到检查通知（检查〔2025〕1号），第一季度检查，时间为2025年4月7日至2025年4月18日，"
                "请签收，并于2025年4月10日前完成自查。",
            )
        ]
    )
    assert told(cast, "西镇") == []
    [mail] = mails()
    assert mail.address == "handler@example.gov.cn"


def test_a_unit_is_told_when_its_word_on_the_facts_is_asked_and_how_its_objection_was_answered(cast, listening):
    made = inspecting.notified(cast)
    of = inspecting.facts_sent(cast, made)
    with transaction():
        inspection_parts.object_(cast.act("handler"), of, "该项已更新。", of.version)
    with transaction():
        inspection_parts.dismiss(cast.act("leader"), of, "更新晚于检查时间。", of.version)
    assert [said for _, said in told(cast)[1:]] == [
        "第一季度检查，检查事实已送你单位，请于2025年4月11日前确认或者提出异议。",
        "第一季度检查，异议不成立，检查事实不变，意见：更新晚于检查时间。",
    ]


def test_who_was_told_of_an_inspection_is_told_that_it_is_cancelled_and_nobody_else_is(cast, listening):
    planned, notified = inspecting.planned(cast), inspecting.notified(cast)
    for made in (planned, notified):
        with transaction():
            inspections.cancel(cast.act("clerk"), made, "与上级检查合并。", made.version)
    assert [said for _, said in told(cast)[1:]] == ["第一季度检查，已取消，意见：与上级检查合并。"]
    assert told(cast, "西镇") == []


def test_a_circular_is_told_to_every_unit_that_it_is_sent_to_once(cast, listening, tmp_path):
    paper = kept(cast, seal(cast), tmp_path)
    send(cast, paper)
    send(cast, paper)
    [(kind, said)] = told(cast, "东镇")
    assert (kind, said) == (
        TidingKind.CIRCULAR,
        "收到情况通报（季度通报〔2025〕1号），2025年第一季度情况通报，请签收。",
    )
    assert len(told(cast)) == 1


def test_what_comes_within_minutes_is_one_mail_and_later_another(cast, listening):
    for text in ("甲", "乙"):
        with transaction():
            tidings.tell(cast.act("clerk"), cast.units["县司法局"], TidingKind.REPORT, 1, text)
    [mail] = mails()
    assert mail.body["text"] == "1. 甲。\n2. 乙。"
    assert mail.subject == "工作计划台账办理消息：2 条"
    assert mail.next_try_at == noon(TODAY) + timedelta(minutes=5)
    with transaction():
        later = replace(cast.act("clerk"), at=noon(TODAY) + timedelta(minutes=4, seconds=30))
        tidings.tell(later, cast.units["县司法局"], TidingKind.REPORT, 1, "丙")
    assert [each.body["text"] for each in mails()] == ["1. 甲。\n2. 乙。", "1. 丙。"]


def test_a_mail_that_has_failed_takes_no_more(cast, listening):
    with transaction():
        tidings.tell(cast.act("clerk"), cast.units["县司法局"], TidingKind.REPORT, 1, "甲")
        mails()[0].attempts = 1
        tidings.tell(cast.act("clerk"), cast.units["县司法局"], TidingKind.REPORT, 1, "乙")
    assert len(mails()) == 2


def test_quiet_hours_and_one_mail_a_day_are_kept(cast):
    listen(cast, "handler", quiet=(3, 9))  # the acts of these tests are in UTC, at four
    listen(cast, "town", at_once=False)
    for unit in ("县司法局", "东镇"):
        with transaction():
            tidings.tell(cast.act("clerk"), cast.units[unit], TidingKind.REPORT, 1, "甲")
    quiet, daily = mails()
    assert quiet.next_try_at == noon(TODAY) + timedelta(hours=5)
    assert daily.next_try_at == noon(TODAY) + timedelta(hours=3)


def test_who_acts_wants_no_mail_or_is_of_another_unit_gets_none(cast):
    listen(cast, "handler", mail=False)
    listen(cast, "town")
    listen(cast, "clerk")
    with transaction():
        tidings.tell(cast.act("town"), cast.units["东镇"], TidingKind.REPORT, 1, "甲")
        tidings.tell(cast.act("clerk"), cast.units["县司法局"], TidingKind.REPORT, 1, "甲")
    assert mails() == []


def test_what_rolls_back_is_told_to_nobody(cast, listening):
    extension = extending.apply(cast)

    def breaks_off():
        with transaction():
            extensions.judge(cast.act("clerk"), extension, ExtensionLevel.OFFICE, Verdict.RETURN, "不同意。", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks_off()
    assert mails() == []
    assert db.session.scalars(select(Tiding)).all() == []


def test_unread_is_what_was_told_since_it_was_marked_and_is_not_old(cast):
    units, person = [cast.units["县司法局"]], cast.people["handler"]
    with transaction():
        tidings.tell(cast.act("clerk"), units[0], TidingKind.REPORT, 1, "甲")
    now = noon(TODAY) + timedelta(hours=1)
    assert tidings.count_unread(person, units, now) == 1
    assert tidings.count_unread(person, units, now + timedelta(days=31)) == 0
    assert tidings.count_unread(person, [cast.units["东镇"]], now) == 0
    with transaction():
        preferences.mark_tidings_read(cast.act("handler"))
    assert tidings.count_unread(person, units, now) == 0
    assert accounts.person_of(cast.county, person)
