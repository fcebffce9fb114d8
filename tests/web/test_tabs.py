"""The tabs are written out once for all of the same roles, and never with another's ways or yesterday's numbers."""

from lxml import html

from tests.reporting import content, rate, report_duty, submit


def links(client, address, chosen="//nav[@class='tabs']//a"):
    return html.fromstring(client.get(address).text).xpath(chosen)


def tabs(client, address="/items/"):
    """The words of each tab, with the number that it carries."""
    return ["".join(link.text_content().split()) for link in links(client, address)]


def current(client, address):
    return [link.text for link in links(client, address, "//nav[@class='tabs']//a[@aria-current]")]


def test_each_role_has_its_own_ways(as_):
    assert "计划导入" in tabs(as_("clerk"))
    assert "计划导入" not in tabs(as_("leader"))
    assert "填报" in tabs(as_("handler"))
    assert "填报" not in tabs(as_("clerk"))


def test_a_number_is_that_of_the_ledger_as_it_stands(app, cast, as_):
    clerk = as_("clerk")
    assert "审核" in tabs(clerk)
    with app.app_context():
        submit(cast, content(figures={rate(cast): "92"}), report_duty(cast))
    assert "审核1条" in tabs(clerk)
    assert "审核1条" in tabs(clerk, "/imports/")


def test_the_part_that_is_shown_is_marked(as_):
    clerk = as_("clerk")
    assert current(clerk, "/items/") == ["台账"]
    assert current(clerk, "/imports/") == ["计划导入"]
    assert current(clerk, "/items/") == ["台账"]
