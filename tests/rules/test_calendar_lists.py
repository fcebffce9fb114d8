import pytest

from tracker.rules.calendar_lists import read_list
from tracker.rules.refusals import Invalid


def read(text: str) -> dict[str, bool]:
    return {day.isoformat(): entry.is_workday for day, entry in read_list(text, 2027, "通知").items()}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2027-01-01 休 元旦", {"2027-01-01": False}),
        ("2027/2/20 班", {"2027-02-20": True}),
        ("2月20日（周六）、2月28日（周日）上班", {"2027-02-20": True, "2027-02-28": True}),
        ("10月1日至4日放假", {"2027-10-01": False, "2027-10-04": False}),
        ("2027-12-31 到 2028-01-03 放假", {"2027-12-31": False, "2028-01-03": False}),
        (
            "二、春节：2月5日（除夕、周五）至8日放假调休，共4天。1月31日（周日）上班。",
            {"2027-02-05": False, "2027-02-08": False, "2027-01-31": True},
        ),
    ],
)
def test_a_list_is_read_as_offices_write_it(text, days):
    assert read(text) == days


def test_the_name_of_the_feast_is_the_note():
    found = read_list("四、劳动节：5月3日放假\n2027-10-04 休 国庆节", 2027, "通知")
    assert [entry.note for entry in found.values()] == ["劳动节", "国庆节"]


@pytest.mark.parametrize("text", ["2027-13-01 休", "10月7日至1日放假", "元旦放假", "5月1日", "2027-01-02 休"])
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(Invalid):
        read(text)
