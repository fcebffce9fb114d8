from datetime import date

from tracker.rules import verified as rules
from tracker.rules.findings import differs
from tracker.rules.reports import ProgressClass
from tracker.rules.verified import Verified, VerifiedBy


def test_a_difference_is_a_good_report_that_the_inspector_does_not_share():
    assert differs(ProgressClass.COMPLETED, None)
    assert differs(ProgressClass.ON_SCHEDULE, ProgressClass.BEHIND)
    assert not differs(ProgressClass.ON_SCHEDULE, ProgressClass.ON_SCHEDULE)
    assert not differs(ProgressClass.BEHIND, None)
    assert not differs(None, ProgressClass.BEHIND)


def test_a_class_that_was_named_differs_from_any_other():
    assert differs(ProgressClass.BEHIND, ProgressClass.COMPLETED)
    assert not differs(ProgressClass.OTHER, ProgressClass.OTHER)


def said(progress_class, day, source=VerifiedBy.CHECK):
    return Verified(progress_class, source, date(2025, 4, day))


def test_the_last_class_stands_and_a_finding_without_one_takes_none_away():
    first, later = said(ProgressClass.BEHIND, 1), said(ProgressClass.ON_SCHEDULE, 5)
    nameless = said(None, 9, VerifiedBy.FINDING)
    assert rules.last_word([later, first, nameless]) is later
    assert rules.last_word([nameless]) is nameless
    assert rules.last_word([]) is None
