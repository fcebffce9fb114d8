"""One government or bureau.  Every row of the ledger belongs to one, and nothing crosses."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.ledger.db import Record


class Organisation(Record):
    """`report_day` is the day of the month after a quarter by which units report (1 to 28).

    `check_word` is 检查, or 督查 where the law lets the organisation call it so (政府督查工作条例, Art. 7).
    `review_levels` (1 to 3): the office alone; the unit's head before it; a leader after it (`rules.reports`).
    `extension_levels` (1 to 3): the office alone; a leader after it; the unit's head before it (`rules.extensions`).
    `sealing_levels` (1 or 2): the office closes a quarter; a leader does (`rules.closing`).
    `mail_for_all` is the office's minimum: whoever has given an address gets the daily mail, whatever they chose.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    check_word: Mapped[str] = mapped_column(String(10), default="检查")
    report_day: Mapped[int] = mapped_column(default=5)
    review_levels: Mapped[int] = mapped_column(default=1)
    extension_levels: Mapped[int] = mapped_column(default=2)
    sealing_levels: Mapped[int] = mapped_column(default=1)
    mail_for_all: Mapped[bool] = mapped_column(default=False)
    sample: Mapped[bool] = mapped_column(default=False)


class Owned:
    """Mixed into every table whose rows belong to an organisation."""

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
