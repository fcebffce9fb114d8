"""The inspector's class beside the unit's: never over it, as of any day, from checks and from findings."""

from datetime import date

import pytest

from tests import finding, inspecting
from tests.conftest import TODAY
from tests.reporting import Q1, content, report_duty, submit
from tracker.ledger import reports, verified
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.plans import Item
from tracker.ledger.verified import Said
from tracker.rules.findings import FindingAct
from tracker.rules.refusals import Forbidden, Invalid, Refusal
from tracker.rules.reports import ProgressClass
from tracker.rules.verified import VerifiedBy

pytestmark = pytest.mark.usefixtures("app_context")
BEHIND, ON_SCHEDULE = ProgressClass.BEHIND, ProgressClass.ON_SCHEDULE


@pytest.fixture
def say(cast):
    def act(progress_class, by="inspector", on=TODAY, key=None, unit="县司法局", item=0):
        about = db.session.get_one(Item, cast.items[item])
        said = Said(progress_class, "现场核实。")
        with transaction():
            return verified.say(
                cast.act(by, on), about, cast.units[unit], Q1, said, key or f"{by}-{on}-{progress_class}"
            )

    return act


def words(cast, as_of=TODAY, scope=None):
    return verified.verified_classes(cast.plan, Q1, as_of, scope)


def share(cast, unit="县司法局"):
    return cast.items[0], cast.units[unit]


def test_it_stands_beside_the_report_and_changes_nothing_of_it(cast, say):
    submit(cast, content(), report_duty(cast))
    say(BEHIND)
    assert reports.report_on(report_duty(cast)).progress_class is ON_SCHEDULE
    [difference] = verified.differences(cast.plan, Q1, TODAY)
    assert (difference.item_id, difference.unit_id) == share(cast)
    assert (difference.reported, difference.verified.progress_class) == (ON_SCHEDULE, BEHIND)


def test_the_last_word_by_the_day_holds_and_can_be_taken_back(cast, say):
    later = date(2025, 4, 10)
    say(BEHIND)
    say(ON_SCHEDULE, on=later)
    assert words(cast)[share(cast)].progress_class is BEHIND
    assert words(cast, later)[share(cast)].progress_class is ON_SCHEDULE
    say(None, on=date(2025, 4, 11))
    assert words(cast, date(2025, 4, 11)) == {}
    assert words(cast, date(2025, 4, 2)) == {}


def test_a_finding_says_a_class_too_until_it_is_not_upheld(cast):
    found = finding.notified(cast, verified_class=BEHIND)
    word = words(cast)[share(cast)]
    assert (word.progress_class, word.source, word.record_id) == (BEHIND, VerifiedBy.FINDING, found.id)
    assert verified.tally(words(cast)) == {BEHIND: 1}
    finding.take(cast, found, FindingAct.OBJECT, "不属实。")
    finding.take(cast, found, FindingAct.UPHOLD, "成立。", by="clerk")
    assert words(cast) == {}


def test_a_finding_without_a_class_differs_from_a_good_report_and_counts_as_no_class(cast):
    submit(cast, content(), report_duty(cast))
    finding.notified(cast)
    assert len(verified.differences(cast.plan, Q1, TODAY)) == 1
    assert verified.tally(words(cast)) == {}


@pytest.mark.parametrize("login", ["handler", "colleague"])
def test_nobody_says_it_of_the_own_unit(say, login):
    with pytest.raises(Forbidden):
        say(BEHIND, by=login)


def test_the_same_sending_is_one_word_and_another_content_is_refused(cast, say):
    assert say(BEHIND, key="k").id == say(BEHIND, key="k").id
    with pytest.raises(Refusal, match="已用于其他内容"):
        say(ON_SCHEDULE, key="k")


def test_what_the_unit_does_not_owe_is_not_verified_of_it(say):
    with pytest.raises(Invalid, match="不承担第 1 项任务"):
        say(BEHIND, unit="县行政审批局")


def test_a_unit_reads_it_once_the_facts_lie_with_it(cast):
    made = inspecting.notified(cast)
    about, scope = db.session.get_one(Item, cast.items[0]), frozenset({cast.units["县司法局"]})
    with transaction():
        verified.say(cast.act("inspector"), about, cast.units["县司法局"], Q1, Said(BEHIND, "", made), "k")
    assert words(cast, scope=scope) == {}
    inspecting.facts_sent(cast, made)
    assert words(cast, scope=scope)[share(cast)].progress_class is BEHIND
    assert words(cast, scope=frozenset({cast.units["东镇"]})) == {}
