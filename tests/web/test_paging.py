import pytest
from lxml import html

from tracker.web.paging import page_address, page_of

ROWS = list(range(101))


@pytest.mark.parametrize(
    ("asked", "number", "first", "count"),
    [
        ("", 1, 0, 50),
        ("?page=2", 2, 50, 50),
        ("?page=3", 3, 100, 1),
        ("?page=99", 3, 100, 1),
        ("?page=0", 1, 0, 50),
        ("?page=-1", 1, 0, 50),
        ("?page=x", 1, 0, 50),
    ],
)
def test_an_address_asks_for_a_page_that_there_is(app, asked, number, first, count):
    with app.test_request_context(f"/items/{asked}"):
        page = page_of(ROWS)
    assert (page.number, page.last, page.total) == (number, 3, 101)
    assert (page.rows[0], len(page.rows)) == (first, count)


def test_an_empty_list_has_one_page(app):
    with app.test_request_context("/items/?page=2"):
        page = page_of([])
    assert (page.rows, page.number, page.last) == ([], 1, 1)


def test_the_next_page_is_of_the_same_list(app):
    with app.test_request_context("/items/?q=%E5%85%AC%E5%BC%80&standing=overdue&page=2&endpoint=x&_external=1"):
        assert page_address(3) == "/items/?q=%E5%85%AC%E5%BC%80&standing=overdue&endpoint=x&_external=1&page=3"


def test_the_next_page_is_of_the_same_quarter_though_the_address_does_not_name_it(as_, busy_plan):
    clerk = as_("clerk")
    page = html.fromstring(clerk.get(f"/items/?plan={busy_plan}&quarter=2025Q2").text)
    [onward] = page.xpath("//nav[@class='pager no-print']/a/@href")
    assert onward == f"/items/?plan={busy_plan}&quarter=2025Q2&page=2"
    bare = html.fromstring(clerk.get("/items/").text)
    assert bare.xpath("//nav[@class='pager no-print']/a/@href") == [onward]
