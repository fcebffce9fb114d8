"""The bar above a page is written out once for whoever is about to see the same, and never with another's choices."""

from lxml import html


def bar(client, address):
    [form] = html.fromstring(client.get(address).text).xpath("//form[@class='plan-bar']")
    return form


def test_the_plan_the_quarter_and_the_day_are_those_of_the_address(as_, cast):
    clerk = as_("clerk")
    chosen = bar(clerk, f"/items/?plan={cast.plan}&quarter=2025Q2&as_of=2025-03-31")
    assert chosen.fields["plan"] == str(cast.plan)
    assert (chosen.fields["quarter"], chosen.fields["as_of"]) == ("2025Q2", "2025-03-31")
    assert bar(clerk, f"/items/?plan={cast.plan}&quarter=2025Q3").fields["quarter"] == "2025Q3"


def test_what_the_page_was_asked_for_beside_goes_on_escaped(as_):
    clerk = as_("clerk")
    assert bar(clerk, "/items/?q=%22%3E%3Cscript%3E").fields["q"] == '"><script>'
    assert "q" not in bar(clerk, "/items/").fields


def test_a_page_about_what_is_to_be_done_now_asks_for_no_day(as_):
    assert "as_of" in bar(as_("clerk"), "/items/").fields
    assert "as_of" not in bar(as_("clerk"), "/papers/").fields
