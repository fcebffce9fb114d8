import pytest

from tests.conftest import TODAY
from tests.reporting import MISSING, Q1, content, report_duty, review, save, submit
from tracker.ledger import reports
from tracker.ledger.consolidation import missing_shares, shares_beside
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid
from tracker.rules.reports import ReportState, Verdict

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def duty(cast):
    """县司法局 leads the first item; the towns support it."""
    return report_duty(cast)


def shares(cast, *units: str):
    duties = [report_duty(cast, unit=unit) for unit in units]
    found = shares_beside(duties, Q1, TODAY)
    return [found[duty.id] for duty in duties]


def test_a_lead_waits_for_every_supporting_unit(cast, duty):
    assert missing_shares(duty, TODAY) == ["东镇", "西镇"]
    save(cast, content("镇里在写。"), report_duty(cast, unit="东镇"), by="town")
    assert missing_shares(duty, TODAY) == ["东镇", "西镇"]
    submit(cast, content("镇里。"), report_duty(cast, unit="东镇"), by="town")
    assert missing_shares(duty, TODAY) == ["西镇"]


def test_a_share_that_was_given_back_is_missing_again(cast, duty):
    report = submit(cast, content("镇里。"), report_duty(cast, unit="东镇"), by="town")
    review(cast, report, Verdict.RETURN, "请补充。")
    assert missing_shares(duty, TODAY) == ["东镇", "西镇"]


def test_a_supporting_unit_waits_for_nobody(cast):
    town = report_duty(cast, unit="东镇")
    assert missing_shares(town, TODAY) == []
    submit(cast, content(missing_note=""), town, by="town")


def test_a_unit_that_a_revision_has_freed_is_not_waited_for(cast, duty):
    with transaction():
        report_duty(cast, unit="西镇").cancelled_on = TODAY
    assert missing_shares(duty, TODAY) == ["东镇"]


def test_a_lead_sees_what_is_in_and_nothing_of_what_is_still_written(cast):
    submit(cast, content("东镇已办。"), report_duty(cast, unit="东镇"), by="town")
    save(cast, content("西镇在写。"), report_duty(cast, unit="西镇"), by="clerk")
    [[east, west]] = shares(cast, "县司法局")
    assert (east.unit, east.state, east.text.progress) == ("东镇", ReportState.SUBMITTED, "东镇已办。")
    assert (west.unit, west.state, west.text.progress, west.handed_in_at) == ("西镇", ReportState.DRAFT, "", None)


def test_a_supporting_unit_sees_whether_the_lead_has_handed_in(cast, duty):
    [[lead]] = shares(cast, "东镇")
    assert (lead.unit, lead.is_in) == ("县司法局", False)
    submit(cast, content(), duty)
    [[lead]] = shares(cast, "东镇")
    assert lead.is_in


def test_an_item_without_supporting_units_waits_for_nobody(cast):
    assert missing_shares(report_duty(cast, 2), TODAY) == []


# Handing in


def test_a_lead_says_which_shares_are_missing_or_does_not_hand_in(cast, duty):
    with pytest.raises(Invalid, match="东镇、西镇尚未填报"):
        submit(cast, content(missing_note=""), duty)
    assert reports.report_on(duty) is None
    report = submit(cast, content(), duty)
    assert report.versions[-1].more["missing"] == {"units": ["东镇", "西镇"], "note": MISSING}


def test_with_all_shares_in_nothing_is_asked(cast, duty):
    for town in ("东镇", "西镇"):
        submit(cast, content(), report_duty(cast, unit=town), by="town")
    report = submit(cast, content(missing_note=""), duty)
    assert report.versions[-1].more["missing"] is None


def test_a_note_that_is_no_longer_needed_is_kept_of_no_version(cast, duty):
    for town in ("东镇", "西镇"):
        submit(cast, content(), report_duty(cast, unit=town), by="town")
    assert submit(cast, content(), duty).versions[-1].more["missing"] is None


def test_a_draft_keeps_the_note_and_a_supporting_unit_has_none(cast, duty):
    assert save(cast, content(missing_note="西镇停电。"), duty).missing_note == "西镇停电。"
    assert save(cast, content(), report_duty(cast, unit="东镇"), by="town").missing_note == ""


def test_the_same_hand_in_of_a_supporting_unit_sent_twice_is_one_act(cast):
    town = report_duty(cast, unit="东镇")
    for _ in range(2):
        report = submit(cast, content(), town, by="town", version=None)
    assert len(report.versions) == 1
