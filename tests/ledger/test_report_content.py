from datetime import date
from decimal import Decimal

import pytest

from tests.reporting import content, duty_of_kind, rate, report_duty, save
from tracker.ledger.report_content import beside_text, content_given, content_kept, for_event
from tracker.rules.duties import DutyKind

pytestmark = pytest.mark.usefixtures("app_context")

DAY = date(2025, 3, 28)


def test_what_was_given_and_what_is_kept_of_it_are_the_same(cast):
    checked = duty_of_kind(cast, DutyKind.RECURRING, 2)
    given = content(done={checked.id: DAY})
    assert content_kept(save(cast, given, report_duty(cast, 2))) == content_given(given)


@pytest.mark.parametrize("figure", ["95", "95.0", "9.5E+1"])
def test_a_figure_written_otherwise_is_the_same_figure(cast, figure):
    report = save(cast, content(figures={rate(cast): "95.00"}), report_duty(cast))
    assert content_kept(report) == content_given(content(figures={rate(cast): figure}))


def test_an_event_tells_texts_state_and_figures_in_plain_words(cast):
    report = save(cast, content("已公开。", figures={rate(cast): Decimal("1E+2")}), report_duty(cast))
    told = for_event(report)
    assert (told["progress"], told["state"]) == ("已公开。", "draft")
    assert told["figures"][str(rate(cast))] == {
        "value": "100",
        "basis": {"done": "100", "due": "100", "excluded": []},
        "reason": "",
    }
    assert beside_text(report).items() <= told.items()
