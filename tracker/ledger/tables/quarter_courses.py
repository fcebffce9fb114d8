"""The office's own days for the steps of a quarter, by date."""

from sqlalchemy import UniqueConstraint

from tracker.ledger.db import Record
from tracker.ledger.tables.dated_rules import DatedRule


class QuarterCourseVersion(DatedRule, Record):
    """`rule` is a `rules.quarter_steps.Course`."""

    __tablename__ = "quarter_course"
    __table_args__ = (UniqueConstraint("organisation_id", "starts_on"),)

    @property
    def title(self) -> str:
        return "季度进度安排"
