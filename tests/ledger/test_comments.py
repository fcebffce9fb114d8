import pytest

from tests.conftest import TODAY
from tests.reporting import content, report_duty, submit
from tracker.ledger import comments, events
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def report(cast):
    return submit(cast, content(), report_duty(cast))


def say(cast, report, text, by="clerk"):
    with transaction():
        return comments.comment(cast.act(by), report, text)


def test_remarks_stand_in_the_order_of_time_with_who_made_them(cast, report):
    say(cast, report, " 请问何时公开？ ")
    say(cast, report, "下周。", by="handler")
    assert [(one.text, one.made_by_id) for one in report.comments] == [
        ("请问何时公开？", cast.people["clerk"]),
        ("下周。", cast.people["handler"]),
    ]
    assert report.comments[0].made_at == cast.act(on=TODAY).at


def test_the_same_remark_sent_twice_is_one_and_said_again_later_two(cast, report):
    assert say(cast, report, "请补报。") is say(cast, report, "请补报。")
    say(cast, report, "好的。", by="handler")
    say(cast, report, "请补报。")
    assert len(report.comments) == 3


@pytest.mark.parametrize("text", ["", "  \n", "字" * 501])
def test_a_remark_says_something_and_not_too_much(cast, report, text):
    with pytest.raises(Invalid):
        say(cast, report, text)
    assert report.comments == []


def test_a_remark_is_no_verdict_and_stands_in_the_history(cast, report):
    before = report.state, report.version
    say(cast, report, "字" * 500)
    assert (report.state, report.version) == before
    assert events.history(cast.county, "quarter_report", report.id)[-1].act == "comment"
