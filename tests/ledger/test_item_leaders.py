"""The leader who answers for an item: entered by the office, kept by day, printed on what is sealed."""

from datetime import timedelta

import pytest

from tests.closing import LATER, SEALING, correct, finish, report_first_item, seal
from tests.conftest import TODAY
from tests.reporting import content, rate, report_duty, review, submit
from tracker.ledger import events, item_leaders, snapshots
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.reports import Verdict

pytestmark = pytest.mark.usefixtures("app_context")


def name(cast, *names, on=TODAY):
    """Name the leaders of the first items, in their order."""
    with transaction():
        return item_leaders.name_leaders(cast.act(on=on), dict(zip(cast.items, names, strict=False)))


def leader(cast, as_of=TODAY, item=0):
    return item_leaders.leaders_of(cast.items, as_of).get(cast.items[item])


def test_several_are_named_at_once_and_the_rest_stay_without(cast):
    assert name(cast, "张喆", "李镕  副县长 ") == 2
    assert [leader(cast, item=item) for item in range(3)] == ["张喆", "李镕 副县长", None]


def test_the_same_name_again_changes_nothing(cast):
    name(cast, "张喆")
    assert name(cast, " 张喆") == 0
    told = events.history(cast.county, "item", cast.items[0])
    assert [(event.act, event.before, event.after) for event in told] == [
        ("name_leader", {"leader": ""}, {"leader": "张喆"})
    ]


def test_a_day_keeps_the_name_that_held_and_the_first_counts_for_the_days_before(cast):
    name(cast, "张喆", on=TODAY)
    name(cast, "李镕", on=LATER)
    before = TODAY - timedelta(days=30)
    assert [leader(cast, day) for day in (before, TODAY, LATER)] == ["张喆", "张喆", "李镕"]


def test_a_name_is_taken_away(cast):
    name(cast, "张喆")
    name(cast, "", on=LATER)
    assert (leader(cast), leader(cast, LATER)) == ("张喆", "")


def test_what_is_too_long_is_refused_with_its_item_and_nothing_is_kept(cast):
    with pytest.raises(Invalid, match="第 2 项的责任领导共 51 字，最多 50 字"):
        name(cast, "张喆", "长" * 51)
    assert leader(cast) is None


def test_an_item_of_another_office_is_not_found(cast):
    with pytest.raises(NotFound), transaction():
        item_leaders.name_leaders(cast.act("stranger"), {cast.items[0]: "张喆"})


def test_it_is_sealed_with_the_quarter_and_a_correction_tells_where_it_is_another(cast):
    report_first_item(cast)
    name(cast, "张喆")
    first = seal(cast)
    assert [item.leader for item in snapshots.read(first).items] == ["张喆", "", ""]
    correction = correct(cast, first, 0)
    name(cast, "张喆", "李镕", on=LATER)
    report = submit(cast, content("更正。", {rate(cast): "60"}), report_duty(cast), on=LATER)
    review(cast, report, Verdict.ACCEPT, on=LATER)
    second = snapshots.read(finish(cast, correction))
    assert second.as_of == SEALING
    changed = {(change.what, change.before, change.after) for change in second.correction.changes}
    assert ("责任领导", "（无）", "李镕") in changed
