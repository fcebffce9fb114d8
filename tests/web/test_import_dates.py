from datetime import date

import pytest

from tracker.web.import_dates import day_in_year


@pytest.mark.parametrize(
    ("text", "due"),
    [("8月底前", date(2025, 8, 31)), ("上半年", date(2025, 6, 30)), ("6月底前、9月底前", date(2025, 6, 30))],
)
def test_words_that_lacked_only_the_year_get_their_day(text, due):
    assert day_in_year(text, 2025).due == due


@pytest.mark.parametrize("text", ["x月xx日前", "每季度", "适时"])
def test_words_that_name_no_day_get_none(text):
    assert day_in_year(text, 2025) is None
