import pytest

from tracker.ledger import views
from tracker.ledger.db import transaction
from tracker.rules.refusals import NotFound, Refusal


def save(cast, name, query="standing=overdue", login="leader"):
    with transaction():
        return views.save(cast.people[login], name, query)


def names(cast, login="leader"):
    return [view.name for view in views.views_of(cast.people[login])]


def test_a_list_is_kept_by_a_name(app_context, cast):
    save(cast, "  逾期 事项 ")
    [view] = views.views_of(cast.people["leader"])
    assert (view.name, view.query) == ("逾期 事项", "standing=overdue")


def test_the_same_view_sent_twice_is_one(app_context, cast):
    assert save(cast, "逾期").id == save(cast, "逾期").id


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("", "q=1", "请填写视图名称。"),
        ("长" * 41, "q=1", "视图名称最多 40 字，现有 41 字。"),
        ("逾期", "q=1", "已有名为“逾期”的视图，请换一个名称。"),
        ("全部", "", "当前没有筛选条件，请先筛选，再保存为视图。"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(app_context, cast, name, query, sentence):
    save(cast, "逾期")
    with pytest.raises(Refusal, match=sentence):
        save(cast, name, query)


def test_there_are_thirty_at_most(app_context, cast):
    for number in range(30):
        save(cast, f"视图{number}")
    with pytest.raises(Refusal, match="最多保存 30 个视图"):
        save(cast, "再一个")


def test_two_people_may_use_the_same_name(app_context, cast):
    save(cast, "逾期")
    save(cast, "逾期", login="viewer")
    assert names(cast) == names(cast, "viewer") == ["逾期"]


def test_anothers_view_is_not_found(app_context, cast):
    view = save(cast, "逾期")
    with pytest.raises(NotFound):
        views.view_of(cast.people["viewer"], view.id)


def test_a_view_is_renamed_but_not_to_a_name_that_is_taken(app_context, cast):
    save(cast, "逾期")
    view = save(cast, "退回", "standing=returned")
    with transaction():
        views.rename(views.view_of(cast.people["leader"], view.id), "退回待改")
    assert sorted(names(cast)) == sorted(["退回待改", "逾期"])
    with pytest.raises(Refusal, match="已有名为“逾期”的视图"), transaction():
        views.rename(views.view_of(cast.people["leader"], view.id), "逾期")
