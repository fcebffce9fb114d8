"""What changes of a plan's duties: never what is done, and nothing twice, whatever the terms."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.calendar import WorkCalendar
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.duties import LONGEST_KEY, DutyKind, OwedDuty, Share, Terms, duties_of
from tracker.rules.duty_changes import Circumstances, How, KeptDuty, differences
from tracker.rules.occurrences import Happening
from tracker.rules.quarters import Quarter
from tracker.rules.targets import Op, Per, Target

TODAY = date(2025, 7, 10)
CALENDARS = st.dictionaries(st.dates(date(2025, 1, 1), date(2026, 3, 31)), st.booleans(), max_size=30).map(
    lambda days: WorkCalendar(days, frozenset({2025}))
)
RECURRING = st.builds(
    lambda every, day: Deadline(DeadlineKind.RECURRING, every=every, day=day),
    st.sampled_from(Every),
    st.none() | st.integers(1, 7),
)
DEADLINES = st.one_of(
    st.builds(lambda day: Deadline(DeadlineKind.DATE, due=day), st.dates(date(2025, 1, 1), date(2026, 6, 30))),
    RECURRING,
    st.sampled_from([Deadline(DeadlineKind.UNDETERMINED), Deadline(DeadlineKind.OPEN_ENDED)]),
)
TEXTS = st.sampled_from(["每季度", "8月底前", "x月xx日前", "长" * 300])
TARGETS = st.builds(
    Target,
    st.sampled_from(Op),
    st.integers(1, 9).map(Decimal),
    st.sampled_from("次%"),
    st.none() | st.sampled_from(Per),
)
RELATIVE = st.builds(
    lambda days, workdays: Deadline(DeadlineKind.RELATIVE, days=days, workdays=workdays),
    st.integers(1, 30),
    st.booleans(),
)
UNITS = st.integers(1, 4)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    leads = draw(st.dictionaries(UNITS, st.booleans(), max_size=4))
    days = draw(st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=4))
    events = [
        Happening(number, draw(UNITS), "印发后解读", draw(RELATIVE), day, "文件") for number, day in enumerate(days, 1)
    ]
    return Terms(
        tuple(Share(unit, lead) for unit, lead in leads.items()),
        tuple(draw(st.lists(st.tuples(TEXTS, DEADLINES), max_size=4))),
        tuple(draw(st.lists(st.tuples(TEXTS, TARGETS), max_size=3))),
        tuple(events),
    )


def wanted(asked: Terms, calendar: WorkCalendar = WorkCalendar()) -> dict[tuple[int, int, str], OwedDuty]:  # noqa: B008
    return {(1, owed.unit_id, owed.key): owed for owed in duties_of(asked, 2025, 5, calendar)}


def kept(number: int, owed: OwedDuty, *, done: bool = False, **more) -> KeptDuty:
    told = (owed.lead, owed.kind, owed.key, owed.label, owed.quarter, owed.due, owed.answer_by)
    return KeptDuty(number, 1, owed.unit_id, *told, more.get("cancelled_on"), more.get("handed_from_id"), done)


def as_kept(demanded, done=frozenset()) -> list[KeptDuty]:
    return [kept(number, owed, done=number in done) for number, owed in enumerate(demanded.values(), 1)]


def after(found, gone, before: list[KeptDuty]) -> list[KeptDuty]:
    """What the ledger keeps once the differences are applied."""
    ended = {each.old.id for each in found if each.old} | {duty.id for duty in gone}
    rows = [KeptDuty(**{**vars(duty), "cancelled_on": TODAY}) if duty.id in ended else duty for duty in before]
    for number, each in enumerate((each for each in found if each.new), len(before) + 1):
        source = each.old.id if each.old and each.how in (How.MOVED, How.HANDED) else None
        rows.append(kept(number, each.new, handed_from_id=source))
    return rows


NOW = Circumstances(TODAY, {})


@settings(deadline=None)
@given(terms())
def test_every_key_is_there_once_and_fits_the_ledger(asked):
    keys = [(owed.unit_id, owed.key) for owed in duties_of(asked, 2025, 5, WorkCalendar())]
    assert len(keys) == len(set(keys))
    assert all(len(key) <= LONGEST_KEY for _, key in keys)


@settings(deadline=None)
@given(terms())
def test_what_was_generated_is_what_is_wanted(asked):
    demanded = wanted(asked)
    assert differences(demanded, as_kept(demanded), NOW) == ([], [])


@settings(max_examples=60, deadline=None)
@given(terms(), terms(), CALENDARS, st.sets(st.integers(1, 40)), st.dictionaries(UNITS, UNITS, max_size=2))
def test_bringing_up_to_date_twice_changes_nothing_more_and_never_what_is_done(old, new, calendar, done, merged):
    before = as_kept(wanted(old), done)
    successors = {gone: into for gone, into in merged.items() if gone != into and into not in merged}
    demanded = {place: owed for place, owed in wanted(new, calendar).items() if owed.unit_id not in successors}
    given_now = Circumstances(TODAY, successors)
    found, gone = differences(demanded, before, given_now)
    assert not [each for each in found if each.old and each.old.done]
    rows = after(found, gone, before)
    assert {duty.id for duty in rows if duty.done} == {duty.id for duty in before if duty.done}
    again, _ = differences(demanded, rows, given_now)
    assert again == []


@settings(deadline=None)
@given(terms(), CALENDARS)
def test_another_calendar_moves_and_neither_adds_nor_takes_back(asked, calendar):
    found, gone = differences(wanted(asked, calendar), as_kept(wanted(asked)), NOW)
    assert {each.how for each in found} <= {How.MOVED}
    assert gone == []


def milestone(unit: int = 1, day: date = date(2025, 8, 31), text: str = "8月底前") -> OwedDuty:
    return OwedDuty(unit, True, DutyKind.MILESTONE, f"date:{text}:{day}", text, Quarter.of(day), day, day)


def place(owed: OwedDuty) -> tuple[int, int, str]:
    return 1, owed.unit_id, owed.key


def test_the_same_words_with_another_date_are_the_same_matter_moved():
    old, new = milestone(), milestone(day=date(2025, 9, 30))
    [found] = differences({place(new): new}, [kept(1, old)], NOW)[0]
    assert (found.how, found.old.due, found.new.due) == (How.MOVED, date(2025, 8, 31), date(2025, 9, 30))


def test_an_approved_extension_is_not_moved():
    old, new = milestone(), milestone()
    fixed = KeptDuty(**{**vars(kept(1, old)), "due": date(2025, 8, 1), "fixed": True})
    assert differences({place(new): new}, [fixed], NOW)[0] == []


def test_who_comes_in_later_is_excused_from_dates_that_have_passed():
    past = milestone(day=TODAY - timedelta(days=1))
    assert [each.how for each in differences({place(past): past}, [], NOW)[0]] == [How.ADDED]
    assert differences({place(past): past}, [], Circumstances(TODAY, {}, excused=True))[0] == []


def test_what_a_merged_unit_did_is_not_asked_of_its_successor():
    owed = milestone(unit=2)
    done = kept(1, milestone(unit=1), done=True, cancelled_on=date(2025, 6, 1))
    assert differences({place(owed): owed}, [done], Circumstances(TODAY, {1: 2}))[0] == []


def test_a_part_that_changed_is_owed_anew_in_the_new_part():
    supports = OwedDuty(**{**vars(milestone()), "lead": False})
    [found] = differences({place(supports): supports}, [kept(1, milestone())], NOW)[0]
    assert found.how is How.RANKED
