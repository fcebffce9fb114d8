import pytest

from tracker.ledger import organisations
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid


def test_an_organisation_is_founded_once(app_context, cast):
    with transaction():
        founded = organisations.found("新县", check_word="督查")
    assert organisations.named("新县") is founded
    assert (founded.check_word, founded.report_day, founded.sample) == ("督查", 5, False)
    with pytest.raises(Invalid, match="已有名为“新县”的机构"), transaction():
        organisations.found("新县")


def test_every_organisation_is_listed_in_the_order_of_founding(app_context, cast):
    assert [each.id for each in organisations.every_organisation()] == [cast.county, cast.neighbour]
    assert organisations.named("没有这个县") is None
