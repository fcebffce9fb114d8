import pytest

from tests.conftest import TODAY, noon
from tracker.ledger import events, organisations
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid


def test_an_organisation_is_founded_once(app_context, cast):
    with transaction():
        organisations.found("新县", noon(TODAY), TODAY, check_word="督查")
    founded = organisations.named("新县")
    assert (founded.check_word, founded.report_day, founded.sample) == ("督查", 5, False)
    with pytest.raises(Invalid, match="已有名为“新县”的机构"), transaction():
        organisations.found("新县", noon(TODAY), TODAY)


def test_every_organisation_is_listed_in_the_order_of_founding(app_context, cast):
    assert [each.id for each in organisations.every_organisation()] == [cast.county, cast.neighbour]
    assert organisations.named("没有这个县") is None


def test_the_founding_is_the_first_event_of_the_chain(app_context, cast):
    with transaction():
        by = organisations.found("新县", noon(TODAY), TODAY)
    (first,) = events.history(by.organisation_id, "organisation", by.organisation_id)
    assert (first.number, first.act) == (1, "found")
