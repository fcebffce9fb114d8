"""Quarter reports: the text a unit is writing, every version it handed in, and what the office said of each."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.organisations import Owned
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState, ReportText, ReviewLevel, Verdict


class QuarterReport(Owned, Record):
    """One unit's report on one item for one quarter.

    `done_duties` maps the id of a duty that the unit ticks as done (as text) to the date, as ISO text.
    `unchanged` says that it was handed in as 无变化; `missing_note` why a lead hands in before all shares are in.
    """

    __tablename__ = "quarter_report"
    __table_args__ = (
        UniqueConstraint("item_id", "unit_id", "quarter"),
        Index(None, "plan_id", "quarter"),
        Index(None, "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    quarter: Mapped[Quarter]
    state: Mapped[ReportState] = mapped_column(default=ReportState.DRAFT)
    progress: Mapped[str] = mapped_column(Text, default="")
    achievements: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    progress_class: Mapped[ProgressClass | None]
    done_duties: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unchanged: Mapped[bool] = mapped_column(default=False)
    missing_note: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    item: Mapped[Item] = relationship()
    unit: Mapped[Unit] = relationship()
    saved_by: Mapped[Person | None] = relationship()
    figures: Mapped[list["ReportFigure"]] = relationship(order_by="ReportFigure.target_id")
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.id")
    versions: Mapped[list["ReportVersion"]] = relationship(back_populates="report", order_by="ReportVersion.number")
    comments: Mapped[list["ReportComment"]] = relationship(order_by="ReportComment.id")

    @property
    def text(self) -> ReportText:
        return ReportText(self.progress, self.achievements, self.problems, self.next_steps, self.progress_class)


class ReportFigure(Record):
    """What stands reached of a target.

    `value` is None where nothing was due.  `basis` is what a rate was computed from, or that events add up to the count
    (see `ledger.figures`); `reason` says why a figure went backwards.
    """

    __tablename__ = "report_figure"
    __table_args__ = (UniqueConstraint("report_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("quarter_report.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("item_target.id"))
    value: Mapped[Decimal | None]
    basis: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class Evidence(Record):
    """A file or a link that proves what is reported; exactly one of `file_id` and `link` is set."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("quarter_report.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    link: Mapped[str | None] = mapped_column(String(500))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    file: Mapped[StoredFile | None] = relationship()


class ReportVersion(Record):
    """What was handed in, as it was: texts, class, and under `more` its figures, evidence and ticked duties.

    `levels` are the levels of review that were asked when it was handed in; `left_on` is the day on which it left its
    unit, by the hand-in or by its head's approval (`rules.reviews`).
    """

    __tablename__ = "report_version"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        Index(None, "plan_id", "quarter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("quarter_report.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    quarter: Mapped[Quarter]
    number: Mapped[int]
    progress: Mapped[str] = mapped_column(Text)
    achievements: Mapped[str] = mapped_column(Text)
    problems: Mapped[str] = mapped_column(Text)
    next_steps: Mapped[str] = mapped_column(Text)
    progress_class: Mapped[ProgressClass]
    more: Mapped[dict[str, Any]]
    submitted_on: Mapped[date]
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    levels: Mapped[int] = mapped_column(default=1)
    left_on: Mapped[date | None]

    report: Mapped[QuarterReport] = relationship(back_populates="versions")
    submitted_by: Mapped[Person | None] = relationship()
    reviews: Mapped[list["Review"]] = relationship(back_populates="version", order_by="Review.id")


class Review(Record):
    """One level's verdict on one version; `marks` names the fields that are to be mended."""

    __tablename__ = "review"
    __table_args__ = (Index(None, "organisation_id", "level", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id"), index=True)
    level: Mapped[ReviewLevel] = mapped_column(default=ReviewLevel.OFFICE)
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(Text)
    marks: Mapped[list[Any]] = mapped_column(default=list)
    reviewed_on: Mapped[date]
    reviewed_at: Mapped[datetime]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    version: Mapped[ReportVersion] = relationship(back_populates="reviews")
    reviewed_by: Mapped[Person | None] = relationship()


class ReportComment(Record):
    """A remark on a report by anybody who may see it; no verdict."""

    __tablename__ = "report_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("quarter_report.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    made_by: Mapped[Person | None] = relationship()
