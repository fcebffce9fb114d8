"""The office's own course of a quarter (季度进度安排): which holds on a day, and putting one in force."""

from dataclasses import asdict
from datetime import date

from tracker.ledger import dated_rules
from tracker.ledger.acts import Act
from tracker.ledger.tables.quarter_courses import QuarterCourseVersion
from tracker.rules.quarter_steps import DEFAULT_COURSE, Course, check


def course_on(organisation_id: int, as_of: date) -> Course:
    version = dated_rules.version_on(QuarterCourseVersion, organisation_id, as_of)
    return Course(**version.rule) if version else DEFAULT_COURSE


def put_in_force(by: Act, course: Course, starts_on: date) -> QuarterCourseVersion:
    """From that day on pages show the quarter's steps by it."""
    check(course)
    return dated_rules.put_in_force(by, QuarterCourseVersion(rule=asdict(course), starts_on=starts_on))
