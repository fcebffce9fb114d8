"""Registered events set periods going and add up to counts; what is taken back stays to be seen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import count, queries, state_of
from tracker.ledger import duties, events, occurrences, plans, units
from tracker.ledger.db import db, transaction
from tracker.ledger.occurrences import Registered, counted
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Origin
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.standing import DutyState
from tracker.rules.targets import Op, Per, Target

pytestmark = pytest.mark.usefixtures("app_context")
SAYS = Origin.DOCUMENT
THREE_DAYS = ("政策文件印发后3个工作日内解读", Deadline(DeadlineKind.RELATIVE, days=3, workdays=True, event="印发"))


@pytest.fixture
def plan(app_context, cast):
    """Interpretations within three working days of a document, and two open days a quarter for each town."""
    with transaction():
        act = cast.act()
        towns = units.groups_of(cast.county)[0]
        bureau = units.unit_of(cast.county, cast.units["县司法局"])
        return plans.register(
            act,
            plans.PlanFacts("解读计划", "示例县政府办公室", 2025),
            [
                plans.ItemFacts(
                    ["解读"],
                    "做好政策解读。",
                    responsible=[(bureau, True, "县司法局", SAYS)],
                    deadlines=[(*THREE_DAYS, SAYS)],
                ),
                plans.ItemFacts(
                    ["开放"],
                    "开展开放日。",
                    responsible=[(towns, True, towns.name, SAYS)],
                    targets=[
                        ("每季度不少于2次", Target(Op.AT_LEAST, Decimal(2), "次", Per.QUARTER), SAYS),
                        ("参加100人", Target(Op.AT_LEAST, Decimal(100), "人"), SAYS),
                        ("满意率95%", Target(Op.AT_LEAST, Decimal(95), "%"), SAYS),
                    ],
                ),
            ],
        )


def item(plan, number):
    return plans.item_of(plan.organisation_id, plan.items[number].id, None)


def unit(cast, name):
    return units.unit_of(cast.county, cast.units[name])


def register(cast, plan, number=0, name="县司法局", title="《办法》", day=TODAY, on=TODAY, amount="1", aim=None):
    with transaction():
        of = item(plan, number)
        aims = occurrences.aims_of(of)
        what = Registered(title, day, Decimal(amount), **(aim or _only(aims)))
        return occurrences.register(cast.act("handler", on), of, unit(cast, name), what)


def _only(aims):
    return {"deadline_id": aims.deadlines[0].id} if aims.deadlines else {"target_id": aims.targets[0].id}


def running(plan):
    rows = select(Duty).where(Duty.plan_id == plan.id, Duty.kind == DutyKind.RELATIVE).order_by(Duty.id)
    return list(db.session.scalars(rows))


def of_town(plan, cast, name="东镇", quarter=2):
    rows = select(Duty).where(Duty.plan_id == plan.id, Duty.kind == DutyKind.COUNT, Duty.unit_id == cast.units[name])
    return db.session.scalars(rows.where(Duty.quarter == Quarter(2025, quarter))).one()


def test_a_relative_deadline_owes_nothing_before_its_event(plan):
    assert running(plan) == []


def test_an_event_sets_the_period_going_over_holidays_and_shifted_days(cast, plan):
    event = register(cast, plan, day=date(2025, 9, 29), on=date(2025, 9, 30))
    [duty] = running(plan)
    # 1 to 8 October are holidays, Saturday the 11th is worked: the 30th, the 9th, the 10th.
    assert (duty.due, duty.answer_by, str(duty.quarter)) == (date(2025, 10, 10), date(2025, 10, 10), "2025Q4")
    assert (duty.occurrence_id, duty.unit_id, duty.lead) == (event.id, cast.units["县司法局"], True)
    assert duty.owed_from == date(2025, 9, 30)


def test_two_events_are_two_duties(cast, plan):
    register(cast, plan)
    register(cast, plan, title="《细则》")
    assert len(running(plan)) == 2


def test_the_same_event_sent_twice_is_one(cast, plan):
    first, again = register(cast, plan), register(cast, plan)
    assert first.id == again.id
    assert (count(Occurrence), len(running(plan))) == (1, 1)


def test_generating_again_adds_nothing(cast, plan):
    register(cast, plan)
    with transaction():
        assert duties.generate(cast.act(), plan) == 0
        assert len(duties.bring_up_to_date(cast.act(), plan)) == 0


def test_an_event_taken_back_takes_its_duty_with_it_and_stays_to_be_seen(cast, plan):
    event = register(cast, plan, on=TODAY - timedelta(days=1), day=date(2025, 4, 1))
    with transaction():
        occurrences.revoke(cast.act("handler"), event, "登记有误")
        occurrences.revoke(cast.act("handler"), event, "登记有误")
    assert (event.revoked_on, event.revoke_reason) == (TODAY, "登记有误")
    [duty] = running(plan)
    assert duty.cancelled_on == TODAY
    assert state_of(duty, TODAY - timedelta(days=1)) is DutyState.OPEN
    assert [each.act for each in events.history(cast.county, "occurrence", event.id)] == ["register", "revoke"]


def test_taking_back_needs_a_reason(cast, plan):
    event = register(cast, plan)
    with pytest.raises(Invalid, match="理由"), transaction():
        occurrences.revoke(cast.act("handler"), event, "  ")


def test_the_same_may_be_registered_again_after_it_was_taken_back(cast, plan):
    event = register(cast, plan)
    with transaction():
        occurrences.revoke(cast.act("handler"), event, "登记有误")
    assert register(cast, plan).id != event.id
    assert [duty.cancelled_on for duty in running(plan)] == [TODAY, None]


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"title": " "}, "事项名称"),
        ({"title": "长" * 101}, "最多 100 字"),
        ({"day": date(2025, 4, 4)}, "尚未到来"),
        ({"day": date(2023, 4, 4)}, "核对年份"),
        ({"amount": "0"}, "大于 0"),
    ],
)
def test_what_cannot_be_is_refused(cast, plan, what, sentence):
    with pytest.raises(Invalid, match=sentence):
        register(cast, plan, **what)


def test_what_it_is_for_must_be_the_items(cast, plan):
    with pytest.raises(Invalid, match="登记用途"):
        register(cast, plan, aim={"deadline_id": None})
    with pytest.raises(NotFound):
        register(cast, plan, aim={"target_id": 999999})


def test_a_rate_is_not_counted(plan):
    assert [target.text for target in occurrences.aims_of(item(plan, 1)).targets] == ["每季度不少于2次", "参加100人"]


def test_a_unit_without_a_part_in_the_item_cannot_register(cast, plan):
    with pytest.raises(Refusal, match="不承担"):
        register(cast, plan, name="县行政审批局")


def test_a_count_is_reached_on_the_day_of_the_event_that_reached_it(cast, plan):
    duty = of_town(plan, cast)
    register(cast, plan, 1, "东镇", "第一次", date(2025, 4, 1))
    assert state_of(duty, TODAY) is DutyState.OPEN
    second = register(cast, plan, 1, "东镇", "第二次", date(2025, 4, 2))
    fulfilment = db.session.scalars(select(Fulfilment).where(Fulfilment.duty_id == duty.id)).one()
    assert (fulfilment.done_on, fulfilment.recorded_on, fulfilment.occurrence_id) == (
        date(2025, 4, 2),
        TODAY,
        second.id,
    )
    assert state_of(duty, TODAY) is DutyState.DONE


def test_a_group_is_counted_unit_by_unit(cast, plan):
    register(cast, plan, 1, "东镇", amount="2")
    assert state_of(of_town(plan, cast, "东镇"), TODAY) is DutyState.DONE
    assert state_of(of_town(plan, cast, "西镇"), TODAY) is DutyState.OPEN


def test_only_what_happened_within_the_period_counts_for_it(cast, plan):
    register(cast, plan, 1, "东镇", day=date(2025, 3, 31), amount="2")
    assert state_of(of_town(plan, cast, quarter=1), TODAY) is DutyState.DONE
    assert state_of(of_town(plan, cast, quarter=2), TODAY) is DutyState.OPEN


def test_an_event_taken_back_so_that_the_sum_falls_short_opens_the_count_again(cast, plan):
    duty = of_town(plan, cast)
    yesterday = TODAY - timedelta(days=1)
    event = register(cast, plan, 1, "东镇", amount="2", day=date(2025, 4, 1), on=yesterday)
    with transaction():
        occurrences.revoke(cast.act("clerk"), event, "重复登记")
    assert (state_of(duty, yesterday), state_of(duty, TODAY)) == (DutyState.DONE, DutyState.OPEN)
    assert [each.act for each in events.history(cast.county, "duty", duty.id)] == ["reach", "fall_short"]


def test_an_earlier_event_registered_later_moves_the_day_of_reaching(cast, plan):
    duty = of_town(plan, cast)
    register(cast, plan, 1, "东镇", "一", date(2025, 4, 1))
    register(cast, plan, 1, "东镇", "三", date(2025, 4, 3))
    register(cast, plan, 1, "东镇", "二", date(2025, 4, 2))
    counting = db.session.scalars(
        select(Fulfilment.done_on).where(Fulfilment.duty_id == duty.id, Fulfilment.revoked_on.is_(None))
    )
    assert counting.one() == date(2025, 4, 2)


def test_a_plain_target_adds_up_without_a_duty(cast, plan):
    target = next(target for target in item(plan, 1).targets if target.text == "参加100人")
    register(cast, plan, 1, "东镇", amount="60", aim={"target_id": target.id})
    found = occurrences.followed(item(plan, 1), cast.units["东镇"], TODAY)
    assert found.plain == {target.id: Decimal(60)}


def test_sums_are_those_of_a_day(cast, plan):
    target = occurrences.aims_of(item(plan, 1)).targets[0].id
    east, west = cast.units["东镇"], cast.units["西镇"]
    event = register(cast, plan, 1, "东镇", amount="1.5", day=date(2025, 4, 1), on=date(2025, 4, 1))
    register(cast, plan, 1, "西镇", amount="2", day=date(2025, 4, 2), on=date(2025, 4, 2))
    with transaction():
        occurrences.revoke(cast.act("clerk"), event, "重复登记")
    year = (date(2025, 1, 1), date(2025, 12, 31))
    assert counted([target], None, *year, date(2025, 4, 1)) == {(target, east): Decimal("1.5")}
    assert counted([target], None, *year, date(2025, 4, 2))[target, west] == 2
    assert counted([target], [east], *year, TODAY) == {}
    assert counted([target], None, date(2025, 1, 1), date(2025, 4, 1), TODAY) == {}


def test_a_tally_says_what_is_missing(cast, plan):
    register(cast, plan, 1, "东镇")
    tallies = occurrences.followed(item(plan, 1), cast.units["东镇"], TODAY).tallies
    assert {str(tally.duty.quarter): (tally.reached, tally.missing) for tally in tallies}["2025Q2"] == (1, 1)


def test_what_follows_is_read_with_as_many_queries_for_ten_events_as_for_one(cast, plan):
    def asked():
        with queries() as statements:
            occurrences.followed(item(plan, 0), cast.units["县司法局"], TODAY)
        return len(statements)

    register(cast, plan)
    before = asked()
    for number in range(9):
        register(cast, plan, title=f"文件{number}")
    assert asked() == before


def test_the_chain_holds(cast, plan):
    register(cast, plan)
    assert db.session.scalars(select(Event.act).where(Event.record == "item").order_by(Event.id)).all() == [
        "adjust_duties"
    ]
    assert events.first_break(cast.county) is None
