"""The office's own course of a quarter, and what all rules have in common that hold from a day on."""

from datetime import timedelta

import pytest

from tests.conftest import TODAY
from tracker.ledger import dated_rules, events, quarter_courses
from tracker.ledger.db import transaction
from tracker.ledger.tables.quarter_courses import QuarterCourseVersion
from tracker.rules.quarter_steps import DEFAULT_COURSE, Course
from tracker.rules.refusals import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("app_context")
OWN = Course(8, 15, 20)


def put(cast, course=OWN, starts_on=TODAY):
    with transaction():
        return quarter_courses.put_in_force(cast.act(), course, starts_on)


def test_the_usual_course_holds_until_the_office_sets_its_own_from_a_day_on(cast):
    put(cast, starts_on=TODAY + timedelta(days=3))
    assert quarter_courses.course_on(cast.county, TODAY + timedelta(days=2)) == DEFAULT_COURSE
    assert quarter_courses.course_on(cast.county, TODAY + timedelta(days=3)) == OWN
    assert quarter_courses.course_on(cast.neighbour, TODAY + timedelta(days=3)) == DEFAULT_COURSE


def test_a_change_is_an_event_and_the_same_sent_twice_is_one(cast):
    assert put(cast).id == put(cast).id
    assert [(event.act, event.record) for event in dated_rules.acts(QuarterCourseVersion, cast.county)] == [
        ("put_in_force", "quarter_course")
    ]
    assert events.first_break(cast.county) is None
    with pytest.raises(Invalid, match="已定有季度进度安排"):
        put(cast, DEFAULT_COURSE)


def test_only_what_is_ahead_is_taken_back_and_by_its_own_office(cast):
    ahead, now = put(cast, starts_on=TODAY + timedelta(days=1)).id, put(cast).id
    with pytest.raises(NotFound), transaction():
        dated_rules.take_back(cast.act("stranger"), QuarterCourseVersion, ahead)
    with transaction():
        dated_rules.take_back(cast.act(), QuarterCourseVersion, ahead)
    with pytest.raises(Invalid, match="不能撤销"), transaction():
        dated_rules.take_back(cast.act(), QuarterCourseVersion, now)


def test_steps_that_go_back_are_refused(cast):
    with pytest.raises(Invalid, match="“检查完毕”不能早于上一步的 12 日"):
        put(cast, Course(12, 11, 20))
