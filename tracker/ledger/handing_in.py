"""Handing in: where a version begins among the levels of review, and what follows once it leaves its unit."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.report_ticks import fulfil
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.reports import QuarterReport, ReportVersion, Review
from tracker.rules import reviews as rules
from tracker.rules.dates import spans
from tracker.rules.permissions import Role
from tracker.rules.reports import ReportState, ReviewLevel, Verdict


def send_off(version: ReportVersion, report: QuarterReport, duty: Duty, by: Act) -> None:
    """Send the new version to its first level, by the rule of today."""
    version.levels = db.session.get_one(Organisation, by.organisation_id).review_levels
    heads = heads_of(report.unit_id, by.today)
    by_head = by.person_id in heads
    report.state = rules.state_handed_in(version.levels, by_head=by_head, headed=bool(heads))
    if report.state is ReportState.UNIT_APPROVED:
        version.reviews.append(given(ReviewLevel.UNIT, Verdict.ACCEPT, by))
    if report.state is not ReportState.IN_UNIT:
        leave(version, duty, by)


def heads_of(unit_id: int, day: date) -> set[int]:
    """The people who head the unit that day."""
    heads = (Post.unit_id == unit_id, Post.role == Role.UNIT_HEAD, Person.active)
    posts = db.session.scalars(select(Post).join(Post.person).where(*heads))
    return {post.person_id for post in posts if spans(post.starts_on, post.ends_on, day)}


def leave(version: ReportVersion, duty: Duty, by: Act) -> None:
    """From today the version is the unit's word: the duty to report is met, and what it says is done counts."""
    version.left_on = by.today
    fulfil(by, duty, version)


def given(level: ReviewLevel, verdict: Verdict, by: Act, reason: str = "", marks: Sequence[str] = ()) -> Review:
    return Review(
        organisation_id=by.organisation_id,
        level=level,
        verdict=verdict,
        reason=reason,
        marks=list(marks),
        reviewed_on=by.today,
        reviewed_at=by.at,
        reviewed_by_id=by.person_id,
    )
