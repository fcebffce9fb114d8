from datetime import date

import pytest

from tests.conftest import TODAY
from tests.finding import notified, record, submitted, take
from tests.reporting import Q1, Q2, content, queries, report_duty, submit
from tracker.ledger import finding_lists, finding_papers
from tracker.ledger.db import db
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item
from tracker.rules.findings import FindingAct, FindingState
from tracker.rules.reports import ProgressClass

pytestmark = pytest.mark.usefixtures("app_context")
JULY = date(2025, 7, 3)


def test_the_overdue_and_the_repeated_stand_first(cast):
    first = notified(cast)
    plain = notified(cast, "东镇", on=JULY, quarter=Q2, due=date(2025, 7, 10), criterion="全面")
    again = notified(cast, on=JULY, quarter=Q2, due=date(2025, 7, 20))
    listed = finding_lists.lines(cast.county, None, JULY)
    assert [line.known.id for line in listed] == [first.id, again.id, plain.id]
    assert [line.repeats for line in listed] == [(), [first.id], ()]
    assert [each.id for each in finding_lists.earlier(again)] == [first.id]


def test_a_unit_sees_in_its_list_what_it_was_notified_of(cast):
    mine, _open, _others = notified(cast), record(cast), notified(cast, "东镇")
    listed = finding_lists.lines(cast.county, frozenset({cast.units["县司法局"]}), TODAY)
    assert [line.known.id for line in listed] == [mine.id]


def test_the_unit_is_told_what_it_has_to_mend(cast):
    submitted(cast)
    notified(cast)
    record(cast)
    counted = finding_lists.under_way(cast.county, [cast.units["县司法局"]])
    assert counted == {FindingState.SUBMITTED: 1, FindingState.NOTIFIED: 1}


def test_a_difference_is_counted_where_the_unit_says_that_all_goes_well(cast):
    submit(cast, content(kind=ProgressClass.ON_SCHEDULE), report_duty(cast))
    found = notified(cast)
    [told] = finding_lists.differences(cast.plan, Q1, TODAY)
    assert (told.finding_id, told.reported, told.verified) == (found.id, ProgressClass.ON_SCHEDULE, None)
    assert finding_lists.differences(cast.plan, Q2, TODAY) == []
    take(cast, found, FindingAct.OBJECT)
    take(cast, found, FindingAct.UPHOLD, by="clerk")
    assert finding_lists.differences(cast.plan, Q1, TODAY) == []


def test_a_unit_that_says_that_it_is_behind_differs_from_nobody(cast):
    submit(cast, content(kind=ProgressClass.BEHIND, problems="人手不足。"), report_duty(cast))
    notified(cast)
    assert finding_lists.differences(cast.plan, Q1, TODAY) == []


def test_the_three_values_stand_side_by_side(cast):
    submit(cast, content(kind=ProgressClass.AHEAD), report_duty(cast))
    found = record(cast, verified_class=ProgressClass.BEHIND)
    told = finding_lists.compared(found, TODAY)
    assert (told.reported, told.verified, told.differs) == (ProgressClass.AHEAD, ProgressClass.BEHIND, True)
    assert told.share is not None
    assert finding_lists.compared(record(cast, item=None), TODAY) is None


def test_an_items_page_names_its_findings(cast):
    found = notified(cast)
    item = db.session.get_one(Item, cast.items[0])
    assert finding_lists.on_item(item, None, TODAY) == [found]
    assert finding_lists.on_item(item, frozenset({cast.units["东镇"]}), TODAY) == []
    assert finding_lists.on_item(item, None, date(2025, 4, 2)) == []


def test_the_list_and_the_register_ask_no_more_for_many_than_for_one(cast):
    notified(cast)
    with queries() as for_one:
        _all(cast)
    for _ in range(5):
        take(cast, submitted(cast), FindingAct.CLOSE, by="clerk")
    with queries() as for_many:
        told = _all(cast)
    assert len(for_many) == len(for_one)
    assert len(told.rows) == 6
    assert told.rows[0].state == "已通知，待报措施"
    assert told.rows[-1].verified == "clerk（示例）（2025年4月3日）：已办。"


def _all(cast):
    db.session.expire_all()
    listed = finding_lists.lines(cast.county, None, TODAY)
    return finding_papers.register(db.session.get_one(Organisation, cast.county), listed, None, TODAY)
