from datetime import date

import pytest

from tests.conftest import TODAY
from tests.finding import DUE, notified, notify, record, submitted, take, text
from tests.reporting import Q1, Q2
from tracker.ledger import accounts, events, findings
from tracker.ledger.db import db, transaction
from tracker.ledger.findings import Proof
from tracker.ledger.tables.accounts import Person
from tracker.rules.findings import FindingAct, FindingState
from tracker.rules.permissions import Role
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal, Stale

pytestmark = pytest.mark.usefixtures("app_context")
PLAN, SUBMIT, CLOSE, RETURN = FindingAct.PLAN, FindingAct.SUBMIT, FindingAct.CLOSE, FindingAct.RETURN
OBJECT, UPHOLD, DISMISS, DROP = FindingAct.OBJECT, FindingAct.UPHOLD, FindingAct.DISMISS, FindingAct.DROP


def join(cast, login, role, unit=None):
    with transaction():
        person = db.session.get_one(Person, cast.people[login])
        accounts.give_post(cast.act("admin"), person, role, cast.units[unit] if unit else None)


def acts(found):
    return [step.act for step in found.steps]


def test_from_the_finding_to_its_closing_every_step_is_kept(cast):
    found = record(cast)
    assert (found.state, found.number, found.kind) == (FindingState.OPEN, None, "深化决策公开")
    notify(cast, found)
    take(cast, found, PLAN, "补齐；王某；4月10日前。")
    take(cast, found, SUBMIT, "已补一半。")
    take(cast, found, RETURN, "还差一半。", by="clerk")
    take(cast, found, SUBMIT, "已全部补齐。")
    take(cast, found, CLOSE, "网上核对属实。", by="inspector", on=date(2025, 4, 8))
    assert (found.state, found.closed_on, found.result) == (FindingState.CLOSED, date(2025, 4, 8), "已全部补齐。")
    assert acts(found) == [FindingAct.RECORD, FindingAct.NOTIFY, PLAN, SUBMIT, RETURN, SUBMIT, CLOSE]
    told = events.history(cast.county, "finding", found.id)
    assert [event.act for event in told] == [act.value for act in acts(found)]
    assert told[3].after["text"] == "已补一半。"


def test_numbers_run_without_gaps_through_the_year_and_begin_anew(cast):
    first, dropped, second = record(cast), record(cast), record(cast)
    take(cast, dropped, DROP, "登记重复。", by="inspector")
    notify(cast, first, second)
    next_year = record(cast, on=date(2026, 1, 8), due=date(2026, 1, 22))
    notify(cast, next_year, on=date(2026, 1, 8))
    assert [(each.year, each.number) for each in (first, second, next_year)] == [(2025, 1), (2025, 2), (2026, 1)]
    assert dropped.number is None


def test_sent_twice_it_is_notified_once(cast):
    found = notified(cast)
    notify(cast, found)
    assert (found.number, acts(found)) == (1, [FindingAct.RECORD, FindingAct.NOTIFY])


def test_nobody_of_the_unit_records_or_verifies_its_findings(cast):
    join(cast, "inspector", Role.UNIT_HANDLER, "县司法局")
    with pytest.raises(Forbidden, match="不能由本单位人员登记"):
        record(cast)
    found = submitted(cast, by="clerk")
    with pytest.raises(Forbidden, match="不能由本单位人员"):
        take(cast, found, CLOSE, by="inspector")


def test_whoever_handed_the_result_in_does_not_verify_it_even_after_leaving_the_unit(cast):
    found = submitted(cast)
    found_id, submitter = found.id, cast.people["handler"]
    with transaction():
        person = db.session.get_one(Person, submitter)
        accounts.end_post(cast.act("admin"), person.posts[0], date(2025, 4, 5))
        accounts.give_post(cast.act("admin"), person, Role.GROUP_OFFICE, starts_on=date(2025, 4, 6))
    found = findings.finding_of(cast.county, found_id, None)
    with pytest.raises(Forbidden, match="不能由本人核查"):
        take(cast, found, CLOSE, by="handler", on=date(2025, 4, 7))


def test_the_finder_may_verify(cast):
    assert take(cast, submitted(cast), CLOSE, by="inspector").state is FindingState.CLOSED


@pytest.mark.parametrize("by", ["town", "clerk", "inspector"])
def test_only_the_units_people_tell_what_they_do_about_it(cast, by):
    with pytest.raises(Forbidden, match="只有被检查单位的人员"):
        take(cast, notified(cast), PLAN, by=by)


def test_a_text_written_on_an_older_page_is_refused_with_what_stands_now(cast):
    found = notified(cast)
    seen = found.version
    take(cast, found, PLAN, "甲方案。")
    with pytest.raises(Stale, match="已有变化") as refused:
        take(cast, found, PLAN, "乙方案。", by="colleague", version=seen)
    assert refused.value.theirs.measures == "甲方案。"


def test_the_same_step_sent_twice_is_one(cast):
    found = notified(cast)
    seen = found.version
    take(cast, found, PLAN, "补齐。", version=seen)
    take(cast, found, PLAN, "补齐。", version=seen)
    assert acts(found).count(PLAN) == 1


def test_an_objection_that_is_upheld_closes_the_finding_as_unfounded(cast):
    found = take(cast, notified(cast), OBJECT, "专栏已于2月更新。")
    assert found.objected_on == TODAY
    take(cast, found, UPHOLD, "经核实确已更新。", by="clerk")
    assert (found.state, found.unfounded, found.objected_on) == (FindingState.CLOSED, True, None)


def test_one_that_is_not_upheld_leaves_the_rectification_where_it_was_and_is_the_last(cast):
    found = take(cast, notified(cast), PLAN)
    take(cast, found, OBJECT, "不属实。")
    take(cast, found, DISMISS, "经核实属实。", by="clerk")
    assert (found.state, found.objected_on) == (FindingState.PLANNED, None)
    with pytest.raises(Refusal, match="已提出过异议"):
        take(cast, found, OBJECT, "再次异议。")


def test_the_finder_does_not_answer_and_nothing_is_verified_meanwhile(cast):
    found = take(cast, submitted(cast), OBJECT, "不属实。")
    with pytest.raises(Forbidden, match="须由其他人员答复"):
        take(cast, found, DISMISS, by="inspector")
    with pytest.raises(Refusal, match="先答复异议"):
        take(cast, found, CLOSE, by="clerk")


def test_an_objection_comes_in_time_or_not_at_all(cast):
    with pytest.raises(Refusal, match="2025年5月3日届满"):
        take(cast, notified(cast), OBJECT, "不属实。", on=date(2025, 5, 4))


def test_it_is_changed_until_the_unit_knows_and_what_it_read_before_is_kept(cast):
    found = record(cast)
    with transaction():
        findings.edit(cast.act("clerk"), found, text(cast, problem="专栏三个月未更新。"), found.version)
    event = events.history(cast.county, "finding", found.id)[-1]
    assert (event.before["problem"], event.after["problem"]) == ("专栏两个月未更新。", "专栏三个月未更新。")
    notify(cast, found)
    with pytest.raises(Refusal, match="不能办理“修改问题登记”"), transaction():
        findings.edit(cast.act("clerk"), found, text(cast), found.version)


def test_an_item_that_the_unit_has_no_part_in_is_refused(cast):
    with pytest.raises(Invalid, match="东镇不承担第 3 项任务"):
        record(cast, "东镇", item=2)


def test_a_day_that_is_past_is_none_to_mend_by(cast):
    with pytest.raises(Invalid, match="应晚于今天"):
        record(cast, due=TODAY)
    found = record(cast)
    with pytest.raises(Refusal, match="整改期限已过，请先修改期限"):
        notify(cast, found, on=DUE)


def test_a_link_that_is_none_is_refused(cast):
    with pytest.raises(Invalid, match="http"):
        record(cast, proof=Proof(link="javascript:alert(1)"))


def test_a_unit_finds_what_it_was_notified_of_and_nobody_elses(cast):
    found, scope = record(cast, quarter=Q2), frozenset({cast.units["县司法局"]})
    with pytest.raises(NotFound):
        findings.finding_of(cast.county, found.id, scope)
    notify(cast, found)
    assert findings.finding_of(cast.county, found.id, scope) is found
    for organisation, whose in ((cast.county, frozenset({cast.units["东镇"]})), (cast.neighbour, None)):
        with pytest.raises(NotFound):
            findings.finding_of(organisation, found.id, whose)
    assert found.quarter == Q2 != Q1
