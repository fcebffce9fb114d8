from datetime import date

import pytest

from tests.conftest import TODAY
from tests.reporting import content, report_duty, submit
from tracker.ledger import events, notices
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db, transaction
from tracker.ledger.notices import NoticeText
from tracker.ledger.standing import duty_facts
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.notices import Notice
from tracker.rules.notices import NoticeKind, NoticeState, next_step
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal

LATE = date(2025, 4, 8)  # the day after the reports of the first quarter were due


def text(due=date(2025, 4, 14)):
    return NoticeText("逾期", "经核对台账。", "请抓紧办理。", due)


def propose(cast, day=LATE):
    with transaction():
        return notices.propose(cast.county, day)


def proposals(cast):
    return notices.notices_of(cast.county, None, state=NoticeState.PROPOSED)


def issue(cast, notice, day=LATE):
    with transaction():
        return notices.issue(cast.act("clerk", day), db.session.get_one(Notice, notice.id), text(day.replace(day=28)))


def of_unit(cast, name):
    return next(notice for notice in proposals(cast) if notice.unit_id == cast.units[name])


def test_every_unit_that_is_late_gets_one_proposal_and_a_second_run_adds_none(app_context, cast):
    assert propose(cast, TODAY) == 0
    assert propose(cast) == 4
    assert propose(cast) == propose(cast, date(2025, 4, 9)) == 0
    assert {notice.kind for notice in proposals(cast)} == {NoticeKind.URGING}


def test_numbers_count_by_kind_without_gaps_and_a_dropped_proposal_takes_none(app_context, cast):
    propose(cast)
    first, dropped, *others = proposals(cast)
    with transaction():
        notices.drop(cast.act(), dropped, "已电话沟通。")
    assert [issue(cast, notice).number for notice in (first, *others)] == [1, 2, 3]
    assert dropped.number is None


def test_sent_out_twice_by_the_same_click_is_one_act(app_context, cast):
    propose(cast)
    notice = of_unit(cast, "东镇")
    assert issue(cast, notice).number == issue(cast, notice).number == 1


def test_the_next_step_follows_when_its_time_has_come(app_context, cast):
    propose(cast)
    for notice in proposals(cast):
        issue(cast, notice)
    assert propose(cast, date(2025, 4, 16)) == 0  # nine days overdue
    assert propose(cast, date(2025, 4, 17)) == 4
    assert {notice.kind for notice in proposals(cast)} == {NoticeKind.SUPERVISION}


def test_within_the_interval_the_office_itself_cannot_press_again(app_context, cast):
    propose(cast)
    issue(cast, of_unit(cast, "东镇"))
    late = [duty.id for duty, _ in notices.overdue_of_unit(cast.county, cast.units["东镇"], LATE)]
    with transaction():
        again = notices.write(cast.act("clerk", LATE), NoticeKind.URGING, cast.units["东镇"], late)
    with pytest.raises(Refusal, match="间隔不足"):
        issue(cast, again)


def test_what_was_done_meanwhile_is_no_longer_pressed_for(app_context, cast):
    propose(cast)
    notice = of_unit(cast, "东镇")
    before = len(notice.matters)
    submit(cast, content(), report_duty(cast, 0, "东镇"), by="town", on=LATE)
    assert len(issue(cast, notice).matters) == before - 1


def test_a_unit_signs_replies_and_the_office_closes(app_context, cast):
    propose(cast)
    notice = issue(cast, of_unit(cast, "东镇"))
    own = [cast.units["东镇"]]
    with transaction():
        notices.receive(cast.act("town"), notice, own, "")
    assert notice.received_by == "town（示例）"
    with transaction():
        notices.reply(cast.act("town"), notice, own, "已于4月9日补报。")
    with transaction():
        notices.close(cast.act(), notice, "已补报，同意办结。")
    assert notice.state is NoticeState.CLOSED
    assert [event.act for event in events.history(cast.county, "notice", notice.id)] == [
        "issue",
        "receive",
        "reply",
        "close",
    ]


def test_only_the_unit_it_is_for_signs(app_context, cast):
    propose(cast)
    notice = issue(cast, of_unit(cast, "东镇"))
    with pytest.raises(Forbidden), transaction():
        notices.receive(cast.act("handler"), notice, [cast.units["县司法局"]], "")


def test_a_unit_sees_no_proposal_and_a_stranger_nothing(app_context, cast):
    propose(cast)
    town = of_unit(cast, "东镇")
    scope = frozenset([cast.units["东镇"]])
    with pytest.raises(NotFound):
        notices.notice_of(cast.county, town.id, scope)
    issue(cast, town)
    assert notices.notice_of(cast.county, town.id, scope).id == town.id
    with pytest.raises(NotFound):
        notices.notice_of(cast.neighbour, town.id, None)


def test_the_last_day_for_the_reply_lies_ahead(app_context, cast):
    propose(cast)
    with pytest.raises(Invalid, match="回复期限"), transaction():
        notices.issue(cast.act("clerk", LATE), of_unit(cast, "东镇"), text(LATE))


def test_what_does_not_go_on_one_paper_goes_on_the_next_days(app_context, cast, monkeypatch):
    monkeypatch.setattr(notices, "MOST_MATTERS", 1)
    assert propose(cast) == 4
    first = of_unit(cast, "东镇")
    assert len(first.matters) == 1
    assert first.matter == "1 项任务逾期未办结"
    assert propose(cast, date(2025, 4, 9)) > 0
    named = [matter.duty_id for notice in proposals(cast) for matter in notice.matters]
    assert len(named) == len(set(named))


def test_what_is_called_for_is_what_the_rule_says_of_every_duty(app_context, cast):
    propose(cast)
    for notice in proposals(cast)[:2]:
        issue(cast, notice)
    for notice in proposals(cast):
        with transaction():
            notices.drop(cast.act(), notice, "已电话沟通。")
    for days in (8, 9, 10, 16, 17, 18):
        day = date(2025, 4, days)
        late = [duty for duty in duty_facts(Duty.organisation_id == cast.county, day) if (duty.days_left(day) or 0) < 0]
        taken, calendar = notices.steps_taken([duty.id for duty in late]), work_calendar()
        said = {
            (duty.id, kind)
            for duty in late
            if (kind := next_step(-(duty.days_left(day) or 0), taken.get(duty.id, ()), day, calendar))
        }
        called = {(duty, kind) for (_, kind), ids in notices.called_for(cast.county, day).items() for duty in ids}
        assert called == said
        assert said
