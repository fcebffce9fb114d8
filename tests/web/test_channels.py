from tracker.ledger import messages
from tracker.ledger.messages import MessageState

ROBOT = {"kind": "wecom", "name": "工作群", "address": "https://qyapi.example.com/send?key=abc", "secret": ""}


def _add(client, **other):
    return client.post("/channels/", data=ROBOT | other)


def test_the_office_adds_a_robot_and_tries_it(app, as_, cast):
    clerk = as_("clerk")
    assert _add(clerk).status_code == 302
    page = clerk.get("/channels/").text
    assert "qyapi.example.com" in page
    assert "key=abc" not in page  # the secret is not shown again
    clerk.post("/channels/1", data={"act": "try"})
    with app.app_context():
        assert messages.counts(cast.county) == {MessageState.WAITING: 1}
    assert "工作计划台账测试" in clerk.get("/messages/").text


def test_an_address_that_is_none_is_refused_with_all_that_was_typed(as_):
    answer = _add(as_("clerk"), address="qyapi.example.com")
    assert answer.status_code == 422
    assert 'value="工作群"' in answer.text


def test_a_channel_is_switched_off_and_on(as_):
    clerk = as_("clerk")
    _add(clerk)
    clerk.post("/channels/1", data={"act": "disable"})
    assert "停用</td>" in clerk.get("/channels/").text
    clerk.post("/channels/1", data={"act": "enable"})
    assert "启用</td>" in clerk.get("/channels/").text


def test_the_offices_minimum_stands_above_a_persons_choice(as_):
    clerk, town = as_("clerk"), as_("town")
    assert "本人不能关闭。" not in town.get("/preferences/").text
    clerk.post("/channels/minimum", data={"mail_for_all": "on"})
    assert "本人不能关闭。" in town.get("/preferences/").text
    clerk.post("/channels/minimum")
    assert "本人不能关闭。" not in town.get("/preferences/").text


def test_a_strangers_channel_is_not_found(as_):
    _add(as_("clerk"))
    assert as_("stranger").post("/channels/1", data={"act": "disable"}).status_code == 404


def test_ten_channels_are_in_use_at_most_and_one_that_is_switched_off_makes_room(as_):
    clerk = as_("clerk")
    for _ in range(10):
        _add(clerk)
    refused = _add(clerk)
    assert (refused.status_code, "请先停用不用的渠道。" in refused.text) == (422, True)
    clerk.post("/channels/1", data={"act": "disable"})
    assert _add(clerk).status_code == 302
    assert "请先停用不用的渠道。" in clerk.post("/channels/1", data={"act": "enable"}, follow_redirects=True).text
