"""What a notice of the ladder says on paper."""

from datetime import date

from tests.conftest import TODAY
from tests.extending import UNTIL, apply, approve, milestone
from tracker.ledger import notice_papers, notices
from tracker.ledger.db import transaction
from tracker.rules.notices import NoticeKind

LATE = date(2025, 11, 3)


def paper_about(cast, *duties):
    with transaction():
        ids = [duty.id for duty in duties]
        notice = notices.write(cast.act("clerk", LATE), NoticeKind.URGING, duties[0].unit_id, ids)
    return notice_papers.paper(notice, LATE, None)


def test_a_matter_is_named_by_its_number_and_the_plan_it_is_from(app_context, cast):
    duty = milestone(cast)
    paper = paper_about(cast, duty)
    assert paper.matters[0].task.startswith("1. ")
    assert paper.opening == f"{paper.basis}任务出自《{duty.item.plan.titled_with_year}》。"


def test_what_was_put_off_is_late_from_its_later_day(app_context, cast):
    approve(cast, apply(cast, on=TODAY), on=TODAY)
    [matter] = paper_about(cast, milestone(cast)).matters
    assert matter.due == UNTIL == date(2025, 10, 31)
    assert matter.days == 3
