from dataclasses import replace
from datetime import date

import pytest

from tests import reporting
from tests.conftest import TODAY, Cast
from tracker.ledger import accounts, alerts, events, handovers
from tracker.ledger.db import db, transaction
from tracker.ledger.handover_matters import listing, open_matters
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.handovers import Listing, MatterKind
from tracker.rules.permissions import Role
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal
from tracker.rules.reports import Verdict

NEXT_DAY = date(2025, 4, 4)
pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def cast(cast) -> Cast:
    """The cast, to which a test may add people."""
    return replace(cast, people=dict(cast.people))


def person(cast, login: str) -> Person:
    return db.session.get_one(Person, cast.people[login])


def post(cast, login: str) -> Post:
    return person(cast, login).posts[0]


def newcomer(cast, login: str = "newcomer") -> Person:
    with transaction():
        made = accounts.add_person(cast.act("admin"), login, "新人（示例）", None)
        cast.people[login] = made.id
    return person(cast, login)


def hand_over(cast, login="handler", to="newcomer", by="admin", last_day=TODAY, on=TODAY, **more):
    if to not in cast.people:
        newcomer(cast, to)
    with transaction():
        return handovers.hand_over(cast.act(by, on), post(cast, login), last_day, person(cast, to), **more)


def titles(found: Listing, kind: MatterKind) -> list[str]:
    return [matter.title for matter in found.matters if matter.kind is kind]


# Handing over


def test_one_act_ends_the_post_and_gives_it_to_the_successor_from_the_next_day(cast):
    made = hand_over(cast)
    assert (made.post.ends_on, made.successor_post.starts_on) == (TODAY, NEXT_DAY)
    unit = {cast.units["县司法局"]}
    assert accounts.scope_of(person(cast, "handler"), TODAY) == unit
    assert accounts.scope_of(person(cast, "handler"), NEXT_DAY) == frozenset()
    assert accounts.scope_of(person(cast, "newcomer"), TODAY) == frozenset()
    assert accounts.scope_of(person(cast, "newcomer"), NEXT_DAY) == unit
    told = events.history(cast.county, "handover", made.id)
    assert [event.act for event in told] == ["hand_over"]


def test_the_successor_may_begin_on_the_same_day(cast):
    assert hand_over(cast, same_day=True).successor_post.starts_on == TODAY


def test_an_announced_end_works_by_itself(cast):
    hand_over(cast, last_day=date(2025, 4, 30))
    assert accounts.roles_on(person(cast, "handler"), date(2025, 4, 30)) == {Role.UNIT_HANDLER}
    assert accounts.roles_on(person(cast, "newcomer"), date(2025, 4, 30)) == frozenset()
    assert accounts.roles_on(person(cast, "newcomer"), date(2025, 5, 1)) == {Role.UNIT_HANDLER}


def test_the_same_handover_sent_twice_is_one_act(cast):
    made = hand_over(cast)
    assert hand_over(cast).id == made.id
    with pytest.raises(Refusal, match="已移交给新人"):
        hand_over(cast, to="another")


def test_a_colleague_who_holds_the_same_post_goes_on_in_it(cast):
    with transaction():
        accounts.give_post(cast.act("admin"), person(cast, "town"), Role.UNIT_HANDLER, cast.units["县司法局"])
    made = hand_over(cast, to="town")
    assert made.successor_post.starts_on is None
    assert len(person(cast, "town").posts) == 2


def test_a_post_that_ended_before_passes_on_today(cast):
    with transaction():
        accounts.end_post(cast.act("admin"), post(cast, "handler"), date(2025, 3, 31))
    made = hand_over(cast)
    assert (made.last_day, made.successor_post.starts_on) == (date(2025, 3, 31), TODAY)


@pytest.mark.parametrize(
    ("to", "last_day", "sentence"),
    [
        ("handler", TODAY, "不能是离任者本人"),
        ("gone", TODAY, "账号已停用"),
        ("admin", TODAY, "不能由同一人担任"),
        ("newcomer", date(2052, 4, 3), "请核对年份"),
    ],
)
def test_a_successor_or_a_day_that_does_not_fit_is_refused_whole(cast, to, last_day, sentence):
    with transaction():
        accounts.set_active(cast.act("admin"), person(cast, "viewer"), active=False)
    cast.people["gone"] = cast.people["viewer"]
    with pytest.raises(Invalid, match=sentence):
        hand_over(cast, to=to, last_day=last_day)
    assert post(cast, "handler").ends_on is None


def test_a_head_hands_over_the_own_handlers_alone(cast):
    hand_over(cast, by="colleague")
    for login in ("town", "colleague", "clerk"):
        with pytest.raises(Forbidden, match="只能办理本单位经办人"):
            hand_over(cast, login=login, by="colleague")
    with pytest.raises(Forbidden):
        hand_over(cast, login="town", by="handler")


def test_strangers_are_not_found(cast):
    with pytest.raises(NotFound):
        hand_over(cast, login="strange_handler")
    with pytest.raises(NotFound):
        hand_over(cast, to="stranger")
    made = hand_over(cast)
    with pytest.raises(NotFound):
        handovers.handover_of(cast.neighbour, made.id)


# What lies open


def test_a_units_list_tells_what_is_returned_begun_and_to_be_written(cast):
    reporting.save(cast, reporting.content("写了一半。"), reporting.report_duty(cast))
    handed_in = reporting.submit(cast, reporting.content(), reporting.report_duty(cast, item=2))
    reporting.review(cast, handed_in, Verdict.RETURN, "请补充。")
    found = listing(post(cast, "handler"), TODAY)
    assert titles(found, MatterKind.RETURNED) == ["每季度检查各单位政务公开工作"]
    [begun] = [matter for matter in found.matters if matter.kind is MatterKind.BEGUN]
    assert (begun.place, begun.title) == ("2025年政务公开工作计划第 1 项", "预公开重大行政决策草案")
    assert begun.note == "2025年第一季度填报，2025年4月7日前报送；handler（示例）"
    assert begun.saved_at
    assert len(titles(found, MatterKind.TO_WRITE)) == 2  # the second quarter has begun


def test_what_is_due_within_sixty_days_is_told_and_what_is_overdue(cast):
    assert titles(listing(post(cast, "handler"), date(2025, 7, 2)), MatterKind.DUE_SOON) == [
        "每季度检查各单位政务公开工作：每季度",
        "预公开重大行政决策草案：2025年8月底前",
    ]
    late = [each for each in listing(post(cast, "handler"), TODAY).matters if each.kind is MatterKind.OVERDUE]
    assert late == []
    found = listing(post(cast, "handler"), date(2025, 9, 1))
    assert "预公开重大行政决策草案：2025年8月底前" in titles(found, MatterKind.OVERDUE)
    assert next(matter for matter in found.matters if "8月底" in matter.title).note == "2025年8月31日前报送，逾期 1 天"


def test_alerts_are_counted_and_not_counted_twice(cast):
    with transaction():
        alerts.raise_alerts(cast.county, date(2025, 4, 20))
    found = listing(post(cast, "handler"), date(2025, 4, 20))
    assert titles(found, MatterKind.ALERTS) == ["已逾期 1 条", "季度未填报 2 条", "长期未动 1 条"]
    assert found.open_count == len(found.matters) - 3


def test_the_offices_list_tells_what_waits_for_its_word(cast):
    reporting.submit(cast, reporting.content(), reporting.report_duty(cast))
    found = listing(post(cast, "clerk"), TODAY)
    [waiting] = [matter for matter in found.matters if matter.kind is MatterKind.TO_REVIEW]
    assert waiting.note == "县司法局，2025年第一季度填报"


def test_of_other_units_nothing_is_told(cast):
    reporting.save(cast, reporting.content(), reporting.report_duty(cast, unit="东镇"), by="town")
    assert titles(listing(post(cast, "handler"), TODAY), MatterKind.BEGUN) == []
    assert len(titles(listing(post(cast, "town"), TODAY), MatterKind.BEGUN)) == 1


def test_a_kept_list_reads_the_same_again(cast):
    reporting.save(cast, reporting.content(), reporting.report_duty(cast))
    found = listing(post(cast, "handler"), TODAY)
    assert Listing.of(found.kept()) == found


def test_more_posts_ask_no_more_of_the_database(cast):
    def asked(*logins):
        posts = [post(cast, login) for login in logins]
        with reporting.queries() as statements:
            found = open_matters(cast.county, posts, TODAY)
        assert all(found.values())
        return len(statements)

    reporting.save(cast, reporting.content(), reporting.report_duty(cast))
    assert asked("handler") == asked("handler", "town")


@pytest.mark.parametrize(("levels", "waits_at"), [(1, "clerk"), (2, "colleague")])
def test_what_waits_for_a_verdict_is_told_to_whose_it_is(cast, levels, waits_at):
    with transaction():
        db.session.get_one(Organisation, cast.county).review_levels = levels
    reporting.submit(cast, reporting.content(), reporting.report_duty(cast))
    told = {login: titles(listing(post(cast, login), TODAY), MatterKind.TO_REVIEW) for login in ("clerk", "colleague")}
    assert {login for login, found in told.items() if found} == {waits_at}


# The list of an announced end


def test_an_announced_list_is_drawn_up_afresh_on_the_last_day_and_then_stays(cast):
    last = date(2025, 4, 30)
    made = hand_over(cast, last_day=last)
    assert handovers.list_of(made, TODAY).drawn_on == TODAY
    assert handovers.list_of(made, last).drawn_on == last
    with transaction():
        assert handovers.draw_up_due(cast.act("admin", last)) == 1
    with transaction():
        assert handovers.draw_up_due(cast.act("admin", last)) == 0
    made = handovers.handover_of(cast.county, made.id)
    assert handovers.list_of(made, date(2026, 1, 1)).drawn_on == last


# Taking note


def test_only_the_successor_takes_note_and_not_before_the_first_day(cast):
    made = hand_over(cast)
    newcomer_ = person(cast, "newcomer")
    assert handovers.to_receive(newcomer_.organisation_id, newcomer_.id, TODAY) == []
    assert [each.id for each in handovers.to_receive(newcomer_.organisation_id, newcomer_.id, NEXT_DAY)] == [made.id]
    with pytest.raises(Forbidden), transaction():
        handovers.receive(cast.act("handler"), handovers.handover_of(cast.county, made.id))
    for _ in range(2):
        with transaction():
            handovers.receive(cast.act("newcomer", NEXT_DAY), handovers.handover_of(cast.county, made.id))
    assert handovers.to_receive(person(cast, "newcomer").organisation_id, cast.people["newcomer"], NEXT_DAY) == []
    assert [event.act for event in events.history(cast.county, "handover", made.id)] == ["hand_over", "receive"]


# Nobody took over


def test_a_post_that_ends_without_a_successor_is_shown_with_what_lies_open(cast):
    assert handovers.unattended(cast.county, TODAY) == []
    with transaction():
        accounts.end_post(cast.act("admin"), post(cast, "handler"), TODAY)
    [left] = handovers.unattended(cast.county, NEXT_DAY)
    assert (left.post.person_id, left.open) == (cast.people["handler"], 5)
    assert handovers.unattended(cast.county, TODAY, frozenset({cast.units["东镇"]})) == []
    hand_over(cast)
    assert handovers.unattended(cast.county, NEXT_DAY) == []


def test_a_post_that_a_colleague_holds_too_is_not_left(cast):
    with transaction():
        accounts.give_post(cast.act("admin"), person(cast, "town"), Role.UNIT_HANDLER, cast.units["县司法局"])
        accounts.end_post(cast.act("admin"), post(cast, "handler"), TODAY)
    assert handovers.unattended(cast.county, NEXT_DAY) == []


def test_an_end_still_ahead_is_shown_too(cast):
    with transaction():
        accounts.end_post(cast.act("admin"), post(cast, "handler"), date(2025, 4, 30))
    assert len(handovers.unattended(cast.county, TODAY)) == 1
